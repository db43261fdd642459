import DomainModel
import Foundation
import ServiceSupport
import Storage

/// `BACKUP_DIR`: a folder for each backup, named after its moment. All calls block.
struct BackupShelf: Sendable {
    let path: String

    /// Complete backups, oldest first.
    func names() throws -> [String] {
        guard PrivateFiles.exists(path) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: path).filter { name in
            PrivateFiles.exists("\(path)/\(name)/\(BackupManifest.fileName)") && !name.hasSuffix(Self.draftSuffix)
        }.sorted()
    }

    func manifest(of name: String) throws -> BackupManifest {
        let file = "\(path)/\(name)/\(BackupManifest.fileName)"
        guard !name.contains("/"), let data = FileManager.default.contents(atPath: file) else {
            throw StartFailure(
                ExitCode.configuration, "there is no backup \(name) in \(path); `backup list` shows them")
        }
        do { return try JSONDecoder().decode(BackupManifest.self, from: data) } catch {
            throw StartFailure(65, "the backup \(name) cannot be used: \(file) is damaged")
        }
    }

    /// The folder in which a new backup is made; it counts once ``finish(_:_:)`` has given it its name.
    func begin(_ name: String) throws -> String {
        try PrivateFiles.makeDirectory(path)
        let draft = "\(path)/\(name)\(Self.draftSuffix)"
        guard !PrivateFiles.exists(draft), !PrivateFiles.exists("\(path)/\(name)") else {
            throw StartFailure(ExitCode.temporary, "a backup of this moment is being made already; try again")
        }
        try PrivateFiles.makeDirectory(draft)
        return draft
    }

    func finish(_ name: String, _ manifest: BackupManifest) throws {
        let draft = "\(path)/\(name)\(Self.draftSuffix)"
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        try PrivateFiles.write(Array(encoder.encode(manifest)), toNew: "\(draft)/\(BackupManifest.fileName)")
        try FileManager.default.moveItem(atPath: draft, toPath: "\(path)/\(name)")
    }

    func abandon(_ name: String) {
        // What is left is named as a draft and counts for nothing.
        try? FileManager.default.removeItem(atPath: "\(path)/\(name)\(Self.draftSuffix)")
    }

    /// `2026-11-26T15-54-37-123Z`
    static func name(at moment: Timestamp) -> String {
        String(moment.iso8601.map { $0 == ":" || $0 == "." ? "-" : $0 })
    }

    private static let draftSuffix = ".unfinished"
}
