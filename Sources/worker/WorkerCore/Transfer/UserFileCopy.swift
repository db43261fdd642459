import DomainModel
import Foundation
import ServiceSupport
import Storage

/// Copies of a user's file, and putting them where nothing is.
enum UserFileCopy {
    /// One consistent moment of the file at a path where nothing is yet, while a worker may be writing it.
    static func make(of user: UserID, _ source: String, at destination: String) async throws {
        let connection = try await Blocking.run {
            let options = DatabaseOptions(createsMissingFile: false)
            return DatabaseConnection(
                try DatabaseFile.open(path: source, kind: .user(user), options: options), kind: .user(user))
        }
        do { try await connection.copy(to: destination) } catch {
            try await connection.close()
            throw error
        }
        try await connection.close()
    }

    /// Refuses a place where a file is, or a journal: that would be folded into the new file. Blocks.
    static func requireFree(_ destination: String) throws {
        for path in [destination, "\(destination)-wal", "\(destination)-shm"] where PrivateFiles.exists(path) {
            throw StartFailure(
                ExitCode.configuration, "nothing is overwritten: \(path) exists; move it aside, or give another place")
        }
    }

    /// Gives a complete draft its name, durably and never over another file. Blocks.
    static func publish(_ draft: String, as destination: String) throws {
        try requireFree(destination)
        try FileDigest.flush(draft)
        // Unlike a rename, a link never takes the place of a file that came meanwhile.
        try FileManager.default.linkItem(atPath: draft, toPath: destination)
        try FileManager.default.removeItem(atPath: draft)
    }
}
