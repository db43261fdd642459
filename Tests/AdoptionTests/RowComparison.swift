import Foundation
import GRDB
import ServiceHarness
import StockFixture

/// Compares a stock file with what became of it, cell by cell, independently of how it was adopted.
struct RowComparison {
    /// Cells by column, as SQLite quotes them, by row number.
    typealias Rows = [Int64: [String: String]]

    /// What is not as it must be, a line each.
    static func differences(_ user: FixtureUser, adopted path: String, scratch: TemporaryDirectory) throws -> [String] {
        guard let file = user.file else { return [] }
        let copy = scratch.url.appendingPathComponent("compare-\(UInt32.random(in: 0...UInt32.max)).db").path
        defer { for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: copy + suffix) } }
        for suffix in ["", "-wal"] where FileManager.default.fileExists(atPath: file + suffix) {
            try FileManager.default.copyItem(atPath: file + suffix, toPath: copy + suffix)
        }
        let (old, new) = (try DatabaseQueue(path: copy), try DatabaseQueue(path: path))
        defer {
            try? old.close()
            try? new.close()
        }
        return try old.read { before in
            try new.read { after in try differences(before, after, user.expectation) }
        }
    }

    private static func differences(
        _ before: Database, _ after: Database, _ expected: FileExpectation
    ) throws -> [String] {
        let tables = try String.fetchAll(
            before,
            sql:
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name <> 'schema_migrations'"
        )
        return try tables.sorted().flatMap { table in
            let columns = try before.columns(in: table).map(\.name)
            return differences(
                table, try rows(before, table, columns), try rows(after, table, columns), expected)
        }
    }

    private static func rows(_ db: Database, _ table: String, _ columns: [String]) throws -> Rows {
        let list = columns.map { "quote(\"\($0)\")" }.joined(separator: ", ")
        return try Row.fetchAll(db, sql: "SELECT rowid, \(list) FROM \(table)").reduce(into: [:]) { rows, row in
            var cells: [String: String] = [:]
            for (index, column) in columns.enumerated() { cells[column] = row[index + 1] }
            rows[row[0]] = cells
        }
    }

    private static func differences(
        _ table: String, _ before: Rows, _ after: Rows, _ expected: FileExpectation
    ) -> [String] {
        var lines: [String] = []
        let removed = expected.removed[table] ?? []
        for row in removed where after[row] != nil { lines.append("\(table) \(row) is still there") }
        for (number, cells) in before where !removed.contains(number) {
            guard let now = after[number] else {
                lines.append("\(table) \(number) is gone")
                continue
            }
            for (column, old) in cells {
                let cell = FileExpectation.Cell(table, number, column)
                // Nil in the expectation is anything.
                let wanted = expected.changed[cell] ?? old
                if let wanted, now[column] != wanted {
                    lines.append("\(table) \(number).\(column) is \(now[column] ?? ""), must be \(wanted)")
                }
            }
        }
        let new = after.keys.filter { before[$0] == nil }
        let wanted = table == "rule_execution_log" ? expected.logged.values.reduce(0, +) : 0
        if new.count != wanted { lines.append("\(table) has \(new.count) new rows, must have \(wanted)") }
        return lines
    }
}
