import DomainModel
import Foundation
import GRDB
import Storage

/// What an adoption has done so far, in `DATA_DIR/adoption.sqlite`, so that one that was interrupted anywhere goes on.
///
/// A user's row is written before the user's file gets its name and says which file that will be; `registered` is set once the
/// registry knows the user. Rows stay afterwards: they tell what was done.
struct AdoptionLedger: Sendable {
    struct Entry: Sendable {
        /// The stock data directory.
        var source: String
        /// Of the user's file; 0 when there is none.
        var inode: Int64
        var isRegistered: Bool
        var outcome: UserOutcome
    }

    static let fileName = "adoption.sqlite"
    private let queue: DatabaseQueue

    /// Opens or makes it. Blocks.
    init(dataDirectory: String) throws {
        let path = "\(dataDirectory)/\(Self.fileName)"
        try PrivateFiles.makeFile(path)
        var configuration = Configuration()
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA journal_mode = WAL")
            // Must not be behind the files that it tells of, after a power cut neither.
            try db.execute(sql: "PRAGMA synchronous = FULL")
        }
        queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.write { db in
            try db.execute(
                sql: """
                    CREATE TABLE IF NOT EXISTS adopted_user (
                        user TEXT NOT NULL PRIMARY KEY,
                        source TEXT NOT NULL,
                        inode INTEGER NOT NULL,
                        registered INTEGER NOT NULL,
                        outcome TEXT NOT NULL
                    ) STRICT, WITHOUT ROWID
                    """)
        }
    }

    func entries() throws -> [UserID: Entry] {
        try queue.read { db in
            try Row.fetchAll(db, sql: "SELECT user, source, inode, registered, outcome FROM adopted_user")
                .reduce(into: [:]) { entries, row in
                    guard let user = UserID(row[0] as String) else { return }
                    let outcome = try JSONDecoder().decode(UserOutcome.self, from: Data((row[4] as String).utf8))
                    entries[user] = Entry(source: row[1], inode: row[2], isRegistered: row[3], outcome: outcome)
                }
        }
    }

    func record(_ user: UserID, from source: String, inode: Int64, _ outcome: UserOutcome) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let text = String(decoding: try encoder.encode(outcome), as: UTF8.self)
        try queue.write { db in
            try db.execute(
                sql: """
                    INSERT INTO adopted_user(user, source, inode, registered, outcome) VALUES (?, ?, ?, 0, ?)
                    ON CONFLICT(user) DO UPDATE SET source = excluded.source, inode = excluded.inode, registered = 0,
                        outcome = excluded.outcome
                    """, arguments: [user.hex, source, inode, text])
        }
    }

    func setRegistered(_ users: [UserID]) throws {
        try queue.write { db in
            let statement = try db.cachedStatement(sql: "UPDATE adopted_user SET registered = 1 WHERE user = ?")
            for user in users { try statement.execute(arguments: [user.hex]) }
        }
    }

    func close() throws { try queue.close() }
}
