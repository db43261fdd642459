import DomainModel
import GRDB
import Migrations
import Storage
import Testing

extension Timestamp {
    /// 2026-08-20T10:00:00Z
    static let noon = Timestamp(milliseconds: 1_787_220_000_000)
}

extension DatabaseKind {
    /// User 0a0a0a0a.
    static var somebody: DatabaseKind {
        guard let id = UserID(String(repeating: "0a", count: 32)) else {
            preconditionFailure("64 hex digits are an id")
        }
        return .user(id)
    }
}

extension Migration {
    static func step(_ number: Int, _ sql: String, name: String = "step") -> Migration {
        Migration(family: .user, number: number, name: name, sql: sql)
    }
}

/// The code of the storage error that `body` throws.
func storageCode(_ body: () throws -> Void) throws -> StorageError.Code {
    try #require(throws: StorageError.self) { try body() }.code
}

extension DatabaseQueue {
    func strings(_ sql: String) throws -> [String] {
        try inDatabase { db in try String.fetchAll(db, sql: sql) }
    }
}
