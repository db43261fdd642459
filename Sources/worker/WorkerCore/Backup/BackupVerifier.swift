import Foundation
import Storage

/// Whether a backup is what its manifest says, and every copy in it a sound database.
struct BackupVerifier: Sendable {
    let folder: BackupShelf

    /// What is wrong, one line each; empty when all is well. Reads everything; blocks.
    func problems(of name: String) throws -> [String] {
        try folder.manifest(of: name).files.compactMap { file in
            try problem(of: file, in: name).map { "\(name)/\(file.name) \($0)" }
        }
    }

    /// What is wrong with one file; nil when nothing is. Blocks.
    func problem(of file: BackupManifest.File, in name: String) throws -> String? {
        let path = "\(folder.path)/\(name)/\(file.name)"
        guard let size = PrivateFiles.size(of: path) else { return "is missing" }
        guard size == file.bytes else { return "has \(size) bytes instead of \(file.bytes)" }
        guard try FileDigest.sha256(of: path) == file.sha256 else { return "has another checksum" }
        do {
            let problems = try DatabaseCopy.problems(in: path)
            return problems.isEmpty ? nil : "is damaged: \(problems[0])"
        } catch {
            return "cannot be opened: \(error.message)"
        }
    }
}
