import DomainModel
import Foundation
import ServiceSupport
import Storage

/// Puts copies of a backup where nothing is. Nothing is ever overwritten. All calls block.
struct BackupRestorer: Sendable {
    let folder: BackupShelf

    /// One user's file to `destination`. Checked before, whole or not at all.
    func restore(_ user: UserID, from name: String, to destination: String) throws {
        let manifest = try folder.manifest(of: name)
        guard let file = manifest.files.first(where: { $0.name == UserFiles.name(of: user) }) else {
            throw StartFailure(ExitCode.configuration, "the backup \(name) holds nothing of user \(user.short)")
        }
        try check(file, in: name)
        try place(file, of: name, at: destination)
    }

    /// Everything, as a new data directory: `master.db` and `users`. The encryption key is in no backup.
    func restore(all name: String, to directory: String) throws -> BackupManifest {
        let manifest = try folder.manifest(of: name)
        let existing = try? FileManager.default.contentsOfDirectory(atPath: directory)  // None is fine.
        guard existing?.isEmpty != false else {
            throw StartFailure(ExitCode.configuration, "nothing is overwritten: \(directory) is not empty")
        }
        for file in manifest.files { try check(file, in: name) }
        for file in manifest.files {
            let isRegistry = file.name == BackupManifest.registryName
            try place(file, of: name, at: isRegistry ? "\(directory)/master.db" : "\(directory)/users/\(file.name)")
        }
        return manifest
    }

    private func check(_ file: BackupManifest.File, in name: String) throws {
        if let problem = try BackupVerifier(folder: folder).problem(of: file, in: name) {
            throw StartFailure(65, "nothing was restored: \(name)/\(file.name) \(problem); try another backup")
        }
    }

    private func place(_ file: BackupManifest.File, of name: String, at destination: String) throws {
        try UserFileCopy.requireFree(destination)
        if let slash = destination.lastIndex(of: "/") {
            try PrivateFiles.makeDirectory(String(destination[..<slash]))
        }
        let draft = "\(destination).restoring-\(ProcessInfo.processInfo.processIdentifier)"
        defer { try? FileManager.default.removeItem(atPath: draft) }  // Gone already when all went well.
        try FileManager.default.copyItem(atPath: "\(folder.path)/\(name)/\(file.name)", toPath: draft)
        try UserFileCopy.publish(draft, as: destination)
    }
}
