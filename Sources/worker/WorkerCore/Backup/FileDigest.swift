import Crypto
import Foundation
import Storage

/// SHA-256 of files, read in pieces.
enum FileDigest {
    private static let pieceSize = 1 << 20

    /// Lowercase hex. Blocks.
    static func sha256(of path: String) throws -> String {
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw StorageError(.cannotOpen, "cannot read the file \(path)")
        }
        var hash = SHA256()
        while let piece = try file.read(upToCount: pieceSize), !piece.isEmpty { hash.update(data: piece) }
        try file.close()
        return Hex.text(hash.finalize())
    }

    /// On disk when it returns. Blocks.
    static func flush(_ path: String) throws {
        guard let file = FileHandle(forUpdatingAtPath: path) else {
            throw StorageError(.cannotOpen, "cannot write the file \(path)")
        }
        try file.synchronize()
        try file.close()
    }
}
