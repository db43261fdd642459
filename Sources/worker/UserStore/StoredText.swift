import DomainModel
import GRDB

/// Reads what stock may have stored: mixed time formats, ids with a trailing `.0`, flags of any number type.
enum StoredText {
    /// `42.0` as `42`: its runtime bound some numbers as floating point.
    static func id(_ text: String) -> String {
        text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    /// The number in a stored id; nil when it is none.
    static func number(_ text: String) -> Int64? { Int64(id(text)) }
}

extension Row {
    /// A column of SQL or ISO text; nil when null or unreadable, such as the number that stock's `0` becomes in a
    /// DATETIME column.
    func storedTime(_ column: String) -> Timestamp? { Self.time(self[column]) }

    func storedTime(_ index: Int) -> Timestamp? { Self.time(self[index]) }

    private static func time(_ value: DatabaseValue) -> Timestamp? {
        String.fromDatabaseValue(value).flatMap { Timestamp(storedText: $0) }
    }

    /// A column that ends in `_ms`.
    func milliseconds(_ column: String) -> Timestamp? {
        let value: Int64? = self[column]
        return value.map { Timestamp(milliseconds: $0) }
    }

    /// A 0/1 column; null counts as `fallback`, stock's default for the column.
    func flag(_ column: String, default fallback: Bool) -> Bool {
        let value: Int64? = self[column]
        return value.map { $0 != 0 } ?? fallback
    }
}
