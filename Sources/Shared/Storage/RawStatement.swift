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
        let bytes = Int(sqlite3_bind_parameter_count(statement.sqliteStatement)) * Self.textBytesPerParameter
        try withUnsafeTemporaryAllocation(byteCount: bytes, alignment: 1) { room in
            let pointer = start(room, bind)
            let result = sqlite3_step(pointer)
            let message = result == SQLITE_DONE ? nil : String(cString: sqlite3_errmsg(database.sqliteConnection))
            let code = sqlite3_extended_errcode(database.sqliteConnection)
            sqlite3_reset(pointer)
            // Nothing may point into the room any more.
            sqlite3_clear_bindings(pointer)
            if let message { throw DatabaseError(resultCode: ResultCode(rawValue: code), message: message) }
        }
    }

    /// Room for the texts of one run: as much as a row of a download needs. Those beyond it SQLite copies by itself, which takes
    /// memory for each.
    private static let textBytesPerParameter = 32

    /// Runs `body` with each row of the statement. Every parameter must be bound, null too.
    package func forEachRow(binding bind: (inout Binder) -> Void = { _ in }, _ body: (Columns) throws -> Void) throws {
        let pointer = start(UnsafeMutableRawBufferPointer(start: nil, count: 0), bind)
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

    /// A cached statement may come in any state, and bound parameters survive a reset.
    ///
    /// - Parameter room: For texts, until the bindings are cleared.
    private func start(_ room: UnsafeMutableRawBufferPointer, _ bind: (inout Binder) -> Void) -> SQLiteStatement {
        let pointer = statement.sqliteStatement
        sqlite3_reset(pointer)
        var binder = Binder(pointer: pointer, room: room)
        bind(&binder)
        precondition(binder.index == sqlite3_bind_parameter_count(pointer), "all parameters are bound, in order")
        return pointer
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
        /// What is left for texts.
        fileprivate var room: UnsafeMutableRawBufferPointer
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
            guard var value else {
                sqlite3_bind_null(pointer, index)
                return
            }
            // As bytes, because passing it as a C string first makes another of it.
            value.withUTF8 { bytes in
                guard !bytes.isEmpty, bytes.count <= room.count, let place = room.baseAddress else {
                    return bindCopy(of: bytes)
                }
                room.copyMemory(from: UnsafeRawBufferPointer(bytes))
                room = UnsafeMutableRawBufferPointer(rebasing: room[bytes.count...])
                sqlite3_bind_text(pointer, index, place.assumingMemoryBound(to: CChar.self), CInt(bytes.count), nil)
            }
        }

        /// SQLite copies it, since the pointer is good for this call only.
        private func bindCopy(of bytes: UnsafeBufferPointer<UInt8>) {
            let copies = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
            _ = bytes.withMemoryRebound(to: CChar.self) {
                sqlite3_bind_text(pointer, index, $0.baseAddress, CInt($0.count), copies)
            }
        }
    }
}
