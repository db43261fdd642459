import Foundation
import GRDB
import Storage
import Testing

@Suite struct RawStatementTests {
    private func table() throws -> DatabaseQueue {
        let queue = try DatabaseFile.openInMemory(kind: .registry)
        try queue.inDatabase { try $0.execute(sql: "CREATE TABLE t (a INTEGER UNIQUE, b REAL, c TEXT) STRICT") }
        return queue
    }

    private func insert(_ db: Database, _ rows: [(Int64?, Double?, String?)]) throws {
        let raw = RawStatement(try db.cachedStatement(sql: "INSERT INTO t VALUES (?, ?, ?)"), in: db)
        for row in rows {
            try raw.run { binder in
                binder.bind(row.0)
                binder.bind(row.1)
                binder.bind(row.2)
            }
        }
    }

    @Test(
        "every value comes back as it went in",
        arguments: [nil, "", "plain", "a\u{0}b", "zażółć 🧲"] as [String?])
    func roundTrip(text: String?) throws {
        let queue = try table()
        let row = try queue.write { db in
            try insert(db, [(.max, -0.25, text)])
            return try #require(try Row.fetchOne(db, sql: "SELECT a, b, CAST(c AS BLOB) AS c FROM t"))
        }
        #expect(row["a"] == Int64.max)
        #expect(row["b"] == -0.25)
        #expect((row["c"] as Data?) == text.map { Data($0.utf8) })
    }

    @Test("texts of any length come back, however many share a run", arguments: [0, 1, 31, 32, 33, 95, 96, 97, 5_000])
    func lengths(length: Int) throws {
        let queue = try table()
        let texts = [String(repeating: "x", count: length), "", "ü", nil, String(repeating: "yz", count: length)]
        let stored = try queue.write { db in
            let places = Array(repeating: "(?, ?, ?)", count: texts.count).joined(separator: ", ")
            let raw = RawStatement(try db.cachedStatement(sql: "INSERT INTO t VALUES \(places)"), in: db)
            for round in 0..<2 {
                try raw.run { binder in
                    for (index, text) in texts.enumerated() {
                        binder.bind(Int64(round * texts.count + index))
                        binder.bind(nil as Double?)
                        binder.bind(text)
                    }
                }
            }
            return try Row.fetchAll(db, sql: "SELECT c FROM t ORDER BY a").map { $0[0] as String? }
        }
        #expect(stored == texts + texts)
    }

    @Test("nulls of all kinds are null, also after a run with values") func nulls() throws {
        let queue = try table()
        try queue.write { db in try insert(db, [(1, 1, "x"), (nil, nil, nil)]) }
        #expect(try queue.strings("SELECT count(*) FROM t WHERE a IS NULL AND b IS NULL AND c IS NULL") == ["1"])
    }

    @Test("rows that are asked for come with their columns") func rows() throws {
        let queue = try DatabaseFile.openInMemory(kind: .registry)
        try queue.write { db in
            try db.execute(sql: "CREATE TABLE t (a INTEGER, b DATETIME)")
            try db.execute(sql: "INSERT INTO t VALUES (1, 'x'), (2, 20), (3, NULL)")
            let statement = try db.cachedStatement(sql: "SELECT a, b FROM t WHERE a >= ? ORDER BY a")
            for (least, expected) in [(Int64(1), ["1 x", "2 20", "3 -"]), (3, ["3 -"]), (4, [])] {
                var rows: [String] = []
                try RawStatement(statement, in: db).forEachRow(binding: { $0.bind(least) }) { row in
                    rows.append("\(row.integer(0) ?? 0) \(row.text(1) ?? "-")")
                }
                #expect(rows == expected)
            }
        }
    }

    @Test("a refused row throws SQLite's own code, and the statement works on") func refusal() throws {
        let queue = try table()
        try queue.write { db in
            try insert(db, [(1, nil, nil)])
            let error = try #require(throws: DatabaseError.self) { try insert(db, [(1, nil, nil)]) }
            #expect(error.extendedResultCode == .SQLITE_CONSTRAINT_UNIQUE)
            #expect(error.message?.contains("t.a") == true)
            try insert(db, [(2, nil, nil)])
        }
        #expect(try queue.strings("SELECT a FROM t ORDER BY a") == ["1", "2"])
    }

    @Test("a statement that went through argument lists before works too") func mixedUse() throws {
        let queue = try table()
        try queue.write { db in
            try db.cachedStatement(sql: "INSERT INTO t VALUES (?, ?, ?)").execute(arguments: [5, 5.5, "five"])
            try insert(db, [(6, 6.5, "six")])
            try db.cachedStatement(sql: "INSERT INTO t VALUES (?, ?, ?)").execute(arguments: [7, nil, nil])
        }
        #expect(try queue.strings("SELECT a || COALESCE(c, '') FROM t ORDER BY a") == ["5five", "6six", "7"])
    }
}
