import DomainModel
import Foundation
import Registry
import ServiceSupport
import Storage

/// Copies registry and user files while the service runs: each copy is one consistent moment of its file.
struct BackupMaker: Sendable {
    let folder: BackupShelf
    let files: UserFiles
    let registry: any UserRegistry
    /// Told after every file: done, of how many.
    let progress: @Sendable (Int, Int) -> Void

    /// Makes a backup of these users, and of the registry if wanted. Returns its name and what it holds.
    func make(_ users: [UserID], withRegistry: Bool, at now: Timestamp) async throws -> (String, BackupManifest) {
        let name = BackupShelf.name(at: now)
        let draft = try await Blocking.run { [folder] in try folder.begin(name) }
        do {
            var manifest = BackupManifest(createdAt: now.iso8601, program: BuildVersion.text)
            if withRegistry {
                let path = "\(draft)/\(BackupManifest.registryName)"
                try await registry.copy(to: path)
                manifest.files.append(try await Self.settled(path, BackupManifest.registryName))
            }
            for (index, user) in users.enumerated() {
                try await add(user, to: &manifest, in: draft)
                progress(index + 1, users.count)
            }
            let finished = manifest
            try await Blocking.run { [folder] in try folder.finish(name, finished) }
            return (name, finished)
        } catch {
            folder.abandon(name)
            throw error
        }
    }

    /// One user's damaged file keeps nobody else's from being copied.
    private func add(_ user: UserID, to manifest: inout BackupManifest, in draft: String) async throws {
        let name = UserFiles.name(of: user)
        do {
            try await UserFileCopy.make(of: user, files.path(of: user), at: "\(draft)/\(name)")
            manifest.files.append(try await Self.settled("\(draft)/\(name)", name))
        } catch let error as StorageError where error.isDamage || error.code == .cannotOpen {
            try? FileManager.default.removeItem(atPath: "\(draft)/\(name)")  // Half a copy, if anything.
            manifest.skipped.append(BackupManifest.Skipped(name: name, reason: error.message))
        }
    }

    private static func settled(_ path: String, _ name: String) async throws -> BackupManifest.File {
        try await Blocking.run {
            try DatabaseCopy.settle(path)
            try FileDigest.flush(path)
            return BackupManifest.File(
                name: name, bytes: PrivateFiles.size(of: path) ?? 0, sha256: try FileDigest.sha256(of: path))
        }
    }
}
