import CPQ

/// What a statement returned, all of it in memory. Columns are counted from 0, values are in PostgreSQL's text form.
final class PostgresRows {
    private let result: OpaquePointer
    let count: Int

    /// Takes the result over and frees it in the end.
    init(_ result: OpaquePointer) {
        self.result = result
        count = Int(PQntuples(result))
    }

    deinit { PQclear(result) }

    /// How many rows the statement changed.
    var changed: Int { PQcmdTuples(result).flatMap { Int(String(cString: $0)) } ?? 0 }

    func text(_ row: Int, _ column: Int) -> String? {
        guard PQgetisnull(result, Int32(row), Int32(column)) == 0 else { return nil }
        return PQgetvalue(result, Int32(row), Int32(column)).map { String(cString: $0) }
    }

    func integer(_ row: Int, _ column: Int) -> Int64? { text(row, column).flatMap { Int64($0) } }

    func flag(_ row: Int, _ column: Int) -> Bool? { text(row, column).map { $0 == "t" } }
}
