package import GRDB
import GRDBSQLite

extension Database {
    /// Whether the file has a table of that name. GRDB's own `tableExists` reads the whole schema into a cache, and would not
    /// hear of tables that we make (see ``DatabaseFile``).
    package func hasTable(_ name: String) throws -> Bool {
        let sql = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?"
        return try Int.fetchOne(self, sql: sql, arguments: [name]) != nil
    }

    /// Runs statements whose rows, if any, nobody wants, through SQLite's own call for that: a third of what GRDB's takes, which
    /// counts for what is run whenever a file is opened.
    func executeAtOnce(_ sql: String) throws {
        let code = sqlite3_exec(sqliteConnection, sql, nil, nil, nil)
        guard code == SQLITE_OK else {
            throw DatabaseError(
                resultCode: ResultCode(rawValue: code), message: String(cString: sqlite3_errmsg(sqliteConnection)))
        }
    }

    /// Runs one statement that gives no rows. Compiled once for the connection; GRDB's own `execute` compiles at every call, which
    /// is for statements that are seldom run: each one that is kept takes 2 to 12 KB of every open file.
    package func executeCached(sql: String, arguments: StatementArguments = []) throws {
        try cachedStatement(sql: sql).execute(arguments: arguments)
    }
}
