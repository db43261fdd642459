package import GRDB

extension Database {
    /// Whether the file has a table of that name. GRDB's own `tableExists` reads the whole schema into a cache, and would not
    /// hear of tables that we make (see ``DatabaseFile``).
    package func hasTable(_ name: String) throws -> Bool {
        let sql = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?"
        return try Int.fetchOne(self, sql: sql, arguments: [name]) != nil
    }

    /// Runs one statement that gives no rows. Compiled once for the connection; GRDB's own `execute` compiles at every call, which
    /// is for statements that are seldom run: each one that is kept takes 2 to 12 KB of every open file.
    package func executeCached(sql: String, arguments: StatementArguments = []) throws {
        try cachedStatement(sql: sql).execute(arguments: arguments)
    }
}
