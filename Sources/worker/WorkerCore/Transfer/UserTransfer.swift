import DomainModel
import Foundation
import Logging
import Registry
import ServiceSupport
import Storage

/// `worker export-user` and `worker import-user`: one user to another service, or out of the way and back.
struct UserTransfer: Sendable {
    let configuration: WorkerConfiguration
    let logger: Logger

    private var files: UserFiles { UserFiles(directory: configuration.userDatabaseDirectory) }

    /// Writes the user to a file that does not exist yet. The service may run.
    func export(_ text: String, to destination: String) async throws {
        let user = try UserFiles.find(text, among: try await Blocking.run { [files] in try files.users() })
        let registry = try await DataDirectory.registry(configuration, logger)
        let record = try await registry.user(user)
        try await registry.close()
        let portable = PortableUser(
            id: user, encryptedKey: record?.encryptedKey, keyName: record?.keyName,
            hasActiveRules: record?.hasActiveRules ?? false)
        let draft = "\(destination).exporting-\(ProcessInfo.processInfo.processIdentifier)"
        try await UserFileCopy.make(of: user, files.path(of: user), at: draft)
        try await Blocking.run {
            defer { try? FileManager.default.removeItem(atPath: draft) }  // Gone already when all went well.
            try DatabaseCopy.settle(draft)
            try portable.attach(to: draft)
            try UserFileCopy.publish(draft, as: destination)
        }
        print(
            "user \(user.short) exported to \(destination); its API key is readable with this service's ENCRYPTION_KEY")
    }

    /// Takes a user in who has no file here yet, with the API key when ours or an earlier master key opens it.
    func importUser(from source: String, now: Timestamp) async throws {
        let portable = try await Blocking.run { try Self.check(source) }
        let user = portable.id
        let registry = try await DataDirectory.registry(configuration, logger)
        try await registry.migrate(now: now)
        let place = files.path(of: user)
        try await Blocking.run { try Self.unpack(source, to: place) }
        let hasKey = try await register(portable, registry, place, now)
        try await registry.close()
        print(
            hasKey
                ? "user \(user.short) imported"
                : "user \(user.short) imported without an API key: its rules run once the user registers with the key again"
        )
    }

    private static func check(_ source: String) throws -> PortableUser {
        let portable = try PortableUser.read(source)
        let problems = try DatabaseCopy.problems(in: source)
        guard problems.isEmpty else { throw StorageError(.corrupt, "\(source) is damaged: \(problems[0])") }
        return portable
    }

    private static func unpack(_ source: String, to place: String) throws {
        try UserFileCopy.requireFree(place)
        if let slash = place.lastIndex(of: "/") { try PrivateFiles.makeDirectory(String(place[..<slash])) }
        let draft = "\(place).importing-\(ProcessInfo.processInfo.processIdentifier)"
        defer { try? FileManager.default.removeItem(atPath: draft) }  // Gone already when all went well.
        try FileManager.default.copyItem(atPath: source, toPath: draft)
        try PortableUser.detach(from: draft)
        try UserFileCopy.publish(draft, as: place)
    }

    /// False when there is no key, or none that we can open.
    private func register(
        _ portable: PortableUser, _ registry: any UserRegistry, _ place: String, _ now: Timestamp
    ) async throws -> Bool {
        let keys = try DataDirectory.keyRing(configuration, logger)
        // One that does not open is another service's; the user brings the key again.
        guard let stored = portable.encryptedKey, let key = try? keys.decrypt(stored) else { return false }
        try await registry.register(
            NewUser(
                id: portable.id, encryptedKey: try keys.encrypt(key), keyName: portable.keyName, databasePath: place,
                at: now, keyID: RegistrationHandlers.userID(of: key)))
        try await registry.setHasActiveRules(portable.id, portable.hasActiveRules, nextDue: now)
        return true
    }
}
