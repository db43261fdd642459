package import DomainModel
package import GRDB

/// A row of a stock database, read with the leniency that its runtime's habits need: numbers as texts or floating point, times in
/// several spellings, columns that this version of the file does not have yet. Nothing in it can make reading fail.
package struct StockRow {
    private let row: Row

    package init(_ row: Row) { self.row = row }

    private func value(_ column: String) -> DatabaseValue { row[column] as DatabaseValue? ?? .null }

    /// A number reads as its digits.
    package func text(_ column: String) -> String? {
        switch value(column).storage {
        case .null: nil
        case .string(let text): text
        case .int64(let number): String(number)
        case .double(let number): Int64(exactly: number).map { String($0) } ?? String(number)
        case .blob(let data): String(validating: data, as: UTF8.self)
        }
    }

    package func integer(_ column: String) -> Int64? {
        switch value(column).storage {
        case .int64(let number): number
        case .double(let number): Int64(exactly: number)
        case .string(let text): Int64(text) ?? Double(text).flatMap { Int64(exactly: $0) }
        case .null, .blob: nil
        }
    }

    /// A moment in any stored spelling, no zone meaning UTC. `0`, empty, and what cannot be read are none.
    package func time(_ column: String) -> Timestamp? {
        guard case .string(let text) = value(column).storage else { return nil }
        return text.hasPrefix("0000") ? nil : Timestamp(storedText: text)
    }

    /// A 0/1 column; `true` and `false` as words count too.
    package func flag(_ column: String, default fallback: Bool) -> Bool {
        if let number = integer(column) { return number != 0 }
        switch text(column)?.lowercased() {
        case "true": return true
        case "false": return false
        default: return fallback
        }
    }
}
