import DomainModel
import Foundation
import Logging
import Registry
import ServiceSupport
import Storage
import TorBoxClient

/// Examines what only a worker can open: key, registry, user files, TorBox. Changes nothing, and makes nothing that is
/// missing; safe beside a running service.
struct WorkerDoctor: Sendable {
    /// Users that a finding names at most.
    static let shown = 5
    /// The longest rule interval that is common; what is later than that was forgotten.
    static let overdueAfter: Duration = .seconds(3_600)

    let configuration: WorkerConfiguration
    let now: Timestamp
    let logger: Logger
    /// Called with how many user files are done, of how many.
    var progress: @Sendable (Int, Int) -> Void = { _, _ in }

    func examine() async -> [Finding] {
        let (key, keys) = key()
        var findings = [key]
        guard let (registry, users) = await openRegistry(&findings) else {
            return findings + [Finding("user files", .skipped, "the registry cannot be read")]
        }
        findings.append(await keyFits(keys, registry))
        findings += await UserFileFindings(
            directory: configuration.userDatabaseDirectory, users: Set(users.map(\.id)), progress: progress
        ).findings()
        findings.append(Self.overdue(users, at: now))
        findings.append(await torBox(users, keys))
        // Nothing was written, so there is nothing to lose.
        try? await registry.close()
        return findings
    }

    // MARK: - Key

    private func key() -> (Finding, KeyRing?) {
        let path = "\(configuration.dataDirectory)/\(MasterKeyFile.fileName)"
        guard configuration.encryptionKey != nil || PrivateFiles.exists(path) else {
            return (Finding("encryption key", .ok, "none yet; the first start generates one"), nil)
        }
        do {
            let keys = try DataDirectory.keyRing(configuration, logger)
            if configuration.encryptionKey == nil, PrivateFiles.isOpenToOthers(path) {
                return (
                    Finding("encryption key", .warning, "others may read \(path)", fix: "chmod 600 \(path)"), keys
                )
            }
            let source = configuration.encryptionKey == nil ? path : "the settings or a credential"
            return (Finding("encryption key", .ok, "from \(source)"), keys)
        } catch {
            return (
                Finding("encryption key", .failed, "\(error)", fix: "give the key that the data was stored with"), nil
            )
        }
    }

    private func keyFits(_ keys: KeyRing?, _ registry: any UserRegistry) async -> Finding {
        do {
            guard try await registry.anyKey() != nil else {
                return Finding("stored API keys", .ok, "none yet")
            }
            guard let keys else {
                return Finding(
                    "stored API keys", .failed, "there are some, and no key to open them",
                    fix: "restore encryption.key, or set ENCRYPTION_KEY to the key that they were stored with")
            }
            try await DataDirectory.tryKey(keys, on: registry)
            return Finding("stored API keys", .ok, "the key opens them")
        } catch {
            return Finding(
                "stored API keys", .failed, "\(error)", fix: "set the key that they were stored with, or restore it")
        }
    }

    // MARK: - Registry

    private func openRegistry(_ findings: inout [Finding]) async -> (any UserRegistry, [RegisteredUser])? {
        guard configuration.registryServer != nil || PrivateFiles.exists(configuration.masterDatabasePath) else {
            findings.append(Finding("registry", .ok, "not there yet; the first start makes it"))
            return nil
        }
        do {
            let registry = try await DataDirectory.registry(configuration, logger)
            let users = try await registry.users(in: Slot(0)...Slot(255))
            findings.append(Finding("registry", .ok, "readable, \(users.count) users"))
            return (registry, users)
        } catch {
            findings.append(
                Finding(
                    "registry", .failed, "\(error)",
                    fix: "restore the newest backup; after an upgrade without a start, run `worker migrate`"))
            return nil
        }
    }

    static func overdue(_ users: [RegisteredUser], at now: Timestamp) -> Finding {
        let limit = now.milliseconds - Int64(overdueAfter / .milliseconds(1))
        let late = users.filter { user in
            user.isActive && user.hasActiveRules && (user.nextDue.map { $0.milliseconds < limit } ?? false)
        }
        guard !late.isEmpty else { return Finding("schedule", .ok, "nobody has been due for an hour") }
        let names = late.prefix(shown).map(\.id.short).joined(separator: ", ")
        return Finding(
            "schedule", .warning, "\(late.count) users have been due for more than an hour: \(names)",
            fix: "is the service running, and TorBox reachable? else raise WORKERS or MAX_CONCURRENT_POLLS")
    }

    // MARK: - TorBox

    private func torBox(_ users: [RegisteredUser], _ keys: KeyRing?) async -> Finding {
        let accounts = users.lazy.filter(\.isActive).prefix(3).compactMap { user -> TorBoxAccount? in
            // A key that does not open is the finding above.
            guard let stored = user.encryptedKey, let key = try? keys?.decrypt(stored) else { return nil }
            return TorBoxAccount(user: user.id, key: key)
        }
        guard !accounts.isEmpty else { return Finding("TorBox", .skipped, "nobody is registered whose key could ask") }
        let client = TorBoxClient(configuration: WorkerParts.clientConfiguration(configuration), logger: logger)
        let outcome = await client.probe(Array(accounts))
        // The answer is there already.
        try? await client.shutdown()
        return switch outcome {
        case .reachable: Finding("TorBox", .ok, "\(configuration.torBoxBase) answers")
        case .noKeyAccepted:
            Finding(
                "TorBox", .warning, "it answers, but accepts none of \(accounts.count) keys",
                fix: "their users have to enter a new key")
        case .unreachable, .cancelled:
            Finding(
                "TorBox", .failed, "\(configuration.torBoxBase) does not answer",
                fix: "check the network, DNS and TORBOX_API_BASE; TorBox itself may be down")
        }
    }
}
