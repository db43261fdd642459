import DomainModel
import Foundation
import Storage

/// A verified copy of a stock database with what its journal holds. All calls block.
enum StockFileCopy {
    /// What may lie beside a database and hold committed data. The third file, `-shm`, is rebuilt from these.
    private static let suffixes = ["", "-wal", "-journal"]

    /// Copies to a path where nothing is yet. Returns the bytes read.
    ///
    /// Sizes and times of the source must be the same before and after, and its checksums those of the copies: a database
    /// that somebody writes is refused.
    @discardableResult
    static func make(of source: String, at copy: String) throws -> Int64 {
        guard StockDirectory.holder(of: source) == nil else { throw changed(source) }
        let before = try state(of: source)
        for suffix in suffixes where before[suffix] != nil {
            try PrivateFiles.copy(source + suffix, to: copy + suffix)
        }
        for suffix in suffixes where before[suffix] != nil {
            guard try FileDigest.sha256(of: source + suffix) == FileDigest.sha256(of: copy + suffix) else {
                throw changed(source)
            }
        }
        guard try state(of: source) == before else { throw changed(source) }
        return before.values.reduce(0) { $0 + $1.bytes }
    }

    private struct State: Equatable {
        var bytes: Int64
        var modified: Timestamp
    }

    private static func state(of source: String) throws -> [String: State] {
        guard PrivateFiles.status(of: source) != nil else {
            throw StorageError(.cannotOpen, "there is no file \(source)")
        }
        return suffixes.reduce(into: [:]) { states, suffix in
            guard let status = PrivateFiles.status(of: source + suffix) else { return }
            states[suffix] = State(bytes: status.bytes, modified: status.modifiedAt)
        }
    }

    private static func changed(_ source: String) -> StorageError {
        StorageError(
            .locked, "\(source) is in use or was changed while it was copied",
            hint: "stop what writes it, then run again")
    }
}
