import DomainModel
import GRDB
import Storage

extension PostgresRegistry {
    /// One moment of all tables, in a file of the embedded registry's schema. Everything is in memory meanwhile.
    package func copy(to destination: String) async throws {
        let tables = try await pool.run("copy the registry", limit: Self.longCallLimit) { session in
            try session.transaction {
                try session.run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                try session.takeTime()
                return try CopiedTable.names.map { try CopiedTable(named: $0, session) }
            }
        }
        try await Blocking.run {
            guard try PrivateFiles.makeFile(destination) else {
                throw StorageError(.cannotOpen, "cannot copy the registry: \(destination) exists already")
            }
            let queue = try DatabaseFile.open(path: destination, kind: .registry)
            do {
                try SQLMigrator.registry.migrate(queue, kind: .registry, now: Timestamp(milliseconds: 0))
                try queue.write { db in for table in tables { try table.insert(into: db) } }
                try queue.close()
            } catch {
                throw StorageError(error, while: "copy the registry")
            }
        }
    }
}

/// A table's rows as texts that SQLite reads.
private struct CopiedTable: Sendable {
    var name: String
    var columns: [String]
    var rows: [[String?]]

    /// All but the bookkeeping of migrations, in an order in which every row finds what it refers to.
    static let names = ["user_registry", "api_keys", "tbx_user", "tbx_key_alias", "tbx_quarantine"]

    init(named name: String, _ session: PostgresSession) throws {
        self.name = name
        let shape = try session.query(
            """
            SELECT column_name, data_type FROM information_schema.columns
            WHERE table_schema = current_schema() AND table_name = $1 ORDER BY ordinal_position
            """, [name])
        let columns = (0..<shape.count).compactMap { shape.text($0, 0) }
        self.columns = columns
        let expressions = (0..<shape.count).map { row in
            let column = columns[row]
            return switch shape.text(row, 1) {
            case "boolean": "\(column)::int"
            case "timestamp with time zone": "to_char(\(column) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS')"
            default: column
            }
        }
        let found = try session.query("SELECT \(expressions.joined(separator: ", ")) FROM \(name)")
        rows = (0..<found.count).map { row in expressions.indices.map { found.text(row, $0) } }
    }

    func insert(into db: Database) throws {
        let places = columns.map { _ in "?" }.joined(separator: ", ")
        let statement = try db.makeStatement(
            sql: "INSERT INTO \(name)(\(columns.joined(separator: ", "))) VALUES (\(places))")
        for row in rows { try statement.execute(arguments: StatementArguments(row)) }
    }
}
