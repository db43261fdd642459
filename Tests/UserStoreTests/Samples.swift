import DomainModel
import Logging
import Storage
import Testing

@testable import UserStore

extension Timestamp {
    /// 2026-08-20T10:00:00Z
    static let noon = Timestamp(milliseconds: 1_787_220_000_000)

    /// So many seconds after noon.
    static func noon(_ seconds: Int64) -> Timestamp { noon.advanced(bySeconds: seconds) }
}

extension UserID {
    /// The id `0x`, `1x`, ... by number: each below 256 is in the slot of that number.
    static func sample(_ number: UInt8) -> UserID {
        guard let id = UserID(Slot(number).description + String(repeating: "0", count: 62)) else {
            preconditionFailure("64 hex digits are an id")
        }
        return id
    }
}

extension ItemKey {
    static func torrent(_ id: Int64) -> ItemKey { ItemKey(asset: .torrent, id: id) }
    static func usenet(_ id: Int64) -> ItemKey { ItemKey(asset: .usenet, id: id) }
    static func queued(_ id: Int64) -> ItemKey { ItemKey(asset: .torrent, isQueued: true, id: id) }
}

extension UserDatabaseOpener {
    convenience init(_ directory: String) {
        self.init(directory: directory, now: { .noon })
    }
}

/// Runs `body` with the new database of one user.
func withUserDatabase(_ body: (UserDatabase) async throws -> Void) async throws {
    try await withTemporaryFolder { folder in
        let database = try UserDatabaseOpener(folder).open(.sample(7))
        try await body(database)
        try await database.close()
    }
}

/// The code of the storage error that `body` throws.
func storageCode(_ body: () async throws -> Void) async throws -> StorageError.Code {
    try await #require(throws: StorageError.self) { try await body() }.code
}

/// Waits until the condition holds, looking again and again; false when it does not within some seconds.
func eventually(_ condition: () -> Bool) async throws -> Bool {
    let deadline = ContinuousClock.now.advanced(by: .seconds(20))
    while ContinuousClock.now < deadline {
        if condition() { return true }
        await Task.yield()
    }
    return condition()
}
