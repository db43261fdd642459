import DomainModel
import Foundation

/// Text columns that hold JSON.
enum JSONColumn {
    /// The stored document; null when it cannot be read.
    static func value(_ column: String) -> JSONValue {
        // What is lost: an unreadable column. Whoever asked treats null as unknown.
        (try? JSONDecoder().decode(JSONValue.self, from: Data(column.utf8))) ?? .null
    }

    /// Whether the column is one JSON document.
    static func isReadable(_ column: String) -> Bool {
        // The reason does not matter to whoever asks.
        (try? JSONDecoder().decode(JSONValue.self, from: Data(column.utf8))) != nil
    }

    static func text(_ value: JSONValue) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
