import DomainModel
import Foundation
import Logging
import Observability
import Registry
import ServiceSupport
import Storage

/// Does what is requested and prints its findings on standard output.
struct BackupCommand: Sendable {
    let configuration: WorkerConfiguration
    let logger: Logger

    /// Files between two lines of progress.
    private static let progressStep = 100

    private var folder: BackupShelf { BackupShelf(path: configuration.backupDirectory) }
    private var files: UserFiles { UserFiles(directory: configuration.userDatabaseDirectory) }

    func run(_ request: BackupRequest, now: Timestamp) async throws {
        switch request {
        case .create(let user): try await create(user, now)
        case .list: try await Blocking.run { try list() }
        case .verify(let name): try await Blocking.run { try verify(name) }
        case .restore(let name, let user, let destination):
            try await Blocking.run { try restore(name, user, destination) }
        }
    }

    private func create(_ user: String?, _ now: Timestamp) async throws {
        let everybody = try await Blocking.run { [files] in try files.users() }
        let users = try user.map { [try UserFiles.find($0, among: everybody)] } ?? everybody
        let registry = try await DataDirectory.registry(configuration, logger)
        let maker = BackupMaker(folder: folder, files: files, registry: registry) { [logger] done, total in
            guard done % Self.progressStep == 0 else { return }
            logger.info("backing up", metadata: [LogKey.count: "\(done)", "total": "\(total)"])
        }
        let (name, manifest) = try await maker.make(users, withRegistry: user == nil, at: now)
        try await registry.close()
        print("\(name): \(manifest.files.count) files, \(manifest.bytes) bytes, in \(folder.path)/\(name)")
        guard manifest.skipped.isEmpty else {
            for skipped in manifest.skipped { print("not copied: \(skipped.name): \(skipped.reason)") }
            throw StartFailure(65, "\(manifest.skipped.count) files could not be copied, all others were")
        }
    }

    private func list() throws {
        for name in try folder.names() {
            let manifest = try folder.manifest(of: name)
            let skipped = manifest.skipped.isEmpty ? "" : ", \(manifest.skipped.count) could not be copied"
            print("\(name)  \(manifest.files.count) files  \(manifest.bytes) bytes\(skipped)")
        }
    }

    private func verify(_ name: String?) throws {
        let names = try name.map { [$0] } ?? folder.names()
        var problems: [String] = []
        for name in names {
            let found = try BackupVerifier(folder: folder).problems(of: name)
            print("\(name)  \(found.isEmpty ? "sound" : "\(found.count) problems")")
            found.forEach { print($0) }
            problems += found
        }
        guard problems.isEmpty else { throw StartFailure(65, "\(problems.count) files are not as they were copied") }
    }

    private func restore(_ name: String, _ user: String?, _ destination: String?) throws {
        let restorer = BackupRestorer(folder: folder)
        guard let user else {
            guard let destination else {
                throw StartFailure(
                    ExitCode.configuration, "give --user, or --to with the path of a new data directory for everything")
            }
            let manifest = try restorer.restore(all: name, to: destination)
            print("\(manifest.files.count) files restored to \(destination); put encryption.key beside them")
            return
        }
        let inBackup = try folder.manifest(of: name).files.compactMap { UserFiles.user(ofFile: $0.name) }
        let id = try UserFiles.find(user, among: inBackup)
        let path = destination ?? files.path(of: id)
        try restorer.restore(id, from: name, to: path)
        print("user \(id.short) restored to \(path)")
    }
}
