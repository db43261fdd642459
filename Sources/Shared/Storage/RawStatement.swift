import DomainModel
package import GRDB
import GRDBSQLite

/// Drives one of GRDB's cached statements with SQLite's own bind and column calls, for statements that run, or give rows,
/// thousands of times in a transaction. Binding is about twice as fast as through argument lists.
///
/// Only inside the database access that the statement came from.
package struct RawStatement {
    private let statement: Statement
    private let database: Database

    package init(_ statement: Statement, in database: Database) {
        self.statement = statement
        self.database = database
    }

    /// Binds the parameters in order and runs the statement once. Every parameter must be bound, null too.
    package func run(_ bind: (inout Binder) -> Void) throws {
        let pointer = statement.sqliteStatement
        // A cached statement may come in any state, and bound parameters survive a reset.
        sqlite3_reset(pointer)
        var binder = Binder(pointer: pointer)
        bind(&binder)
        precondition(binder.index == sqlite3_bind_parameter_count(pointer), "all parameters are bound, in order")
        let result = sqlite3_step(pointer)
        let message = result == SQLITE_DONE ? nil : String(cString: sqlite3_errmsg(database.sqliteConnection))
        let code = sqlite3_extended_errcode(database.sqliteConnection)
        sqlite3_reset(pointer)
        if let message { throw DatabaseError(resultCode: ResultCode(rawValue: code), message: message) }
    }

    /// Runs a statement without parameters, and `body` with each of its rows.
    package func forEachRow(_ body: (Columns) throws -> Void) throws {
        let pointer = statement.sqliteStatement
        sqlite3_reset(pointer)
        defer { sqlite3_reset(pointer) }
        while true {
            switch sqlite3_step(pointer) {
            case SQLITE_ROW: try body(Columns(pointer: pointer))
            case SQLITE_DONE: return
            default:
                let code = sqlite3_extended_errcode(database.sqliteConnection)
                throw DatabaseError(
                    resultCode: ResultCode(rawValue: code),
                    message: String(cString: sqlite3_errmsg(database.sqliteConnection)))
            }
        }
    }

    /// One row, by position from 0. Good until the next.
    package struct Columns {
        fileprivate let pointer: OpaquePointer

        package func integer(_ index: Int) -> Int64? {
            let value = sqlite3_column_value(pointer, CInt(index))
            return sqlite3_value_type(value) == SQLITE_NULL ? nil : sqlite3_value_int64(value)
        }

        package func number(_ index: Int) -> Double? {
            let value = sqlite3_column_value(pointer, CInt(index))
            return sqlite3_value_type(value) == SQLITE_NULL ? nil : sqlite3_value_double(value)
        }

        /// - Parameter known: Returned when it is the same text, which is then not made a second time.
        package func text(_ index: Int, sharing known: String? = nil) -> String? {
            let value = sqlite3_column_value(pointer, CInt(index))
            guard let start = sqlite3_value_text(value) else { return nil }
            return String(
                UnsafeBufferPointer(start: start, count: Int(sqlite3_value_bytes(value))), sharing: known)
        }
    }

    /// Takes the parameters of one run, first to last.
    package struct Binder {
        fileprivate let pointer: OpaquePointer
        fileprivate var index: CInt = 0

        package mutating func bind(_ value: Int64?) {
            index += 1
            if let value { sqlite3_bind_int64(pointer, index, value) } else { sqlite3_bind_null(pointer, index) }
        }

        package mutating func bind(_ value: Double?) {
            index += 1
            if let value { sqlite3_bind_double(pointer, index, value) } else { sqlite3_bind_null(pointer, index) }
        }

        package mutating func bind(_ value: String?) {
            index += 1
            // SQLite copies the text, since the pointer is good for this call only.
            let copies = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
            if let value {
                sqlite3_bind_text(pointer, index, value, CInt(value.utf8.count), copies)
            } else {
                sqlite3_bind_null(pointer, index)
            }
        }
    }
}
