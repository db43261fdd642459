import GRDB

/// A schema in the notation of its golden text: a line per table with its columns in physical order, then its indexes.
enum SchemaDescription {
    static func lines(_ db: Database) throws -> [String] {
        let tables = try String.fetchAll(
            db, sql: "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
        return try tables.flatMap { table in
            try ["\(table)(\(columns(db, table).joined(separator: ", ")))\(options(db, table))"]
                + references(db, table).map { "  \($0)" } + indexes(db, table).map { "  \($0)" }
        }
    }

    private static func columns(_ db: Database, _ table: String) throws -> [String] {
        try Row.fetchAll(db, sql: "SELECT * FROM pragma_table_info(?)", arguments: [table]).map { row in
            var text = "\(row["name"] as String) \(row["type"] as String)"
            if row["notnull"] { text += " NN" }
            if let value: String = row["dflt_value"] { text += " =\(value == "CURRENT_TIMESTAMP" ? "CT" : value)" }
            if row["pk"] as Int > 0 { text += " PK" }
            return text
        }
    }

    private static func options(_ db: Database, _ table: String) throws -> String {
        let sql = try String.fetchOne(db, sql: "SELECT sql FROM sqlite_schema WHERE name = ?", arguments: [table]) ?? ""
        return ["AUTOINCREMENT", "STRICT", "WITHOUT ROWID", "CHECK (id = 1)"].filter(sql.contains).map { " \($0)" }
            .joined()
    }

    private static func references(_ db: Database, _ table: String) throws -> [String] {
        let rows = try Row.fetchAll(
            db, sql: "SELECT * FROM pragma_foreign_key_list(?) ORDER BY id, seq", arguments: [table])
        return rows.map { row in
            "\(row["from"] as String) -> \(row["table"] as String)(\(row["to"] as String)) \(row["on_delete"] as String)"
        }
    }

    private static func indexes(_ db: Database, _ table: String) throws -> [String] {
        try Row.fetchAll(
            db, sql: "SELECT * FROM pragma_index_list(?) WHERE origin <> 'pk' ORDER BY name", arguments: [table]
        ).map { row in
            let name: String = row["name"]
            let parts = try Row.fetchAll(
                db, sql: "SELECT name, desc FROM pragma_index_xinfo(?) WHERE key = 1 ORDER BY seqno", arguments: [name])
            let columns = parts.map { "\($0["name"] as String)\($0["desc"] as Bool ? " DESC" : "")" }
            let kind = row["unique"] as Bool ? "unique" : "index"
            let title = row["origin"] == "u" ? "" : " \(name)"
            return "\(kind)\(title)(\(columns.joined(separator: ", ")))\(row["partial"] as Bool ? " partial" : "")"
        }
    }
}
