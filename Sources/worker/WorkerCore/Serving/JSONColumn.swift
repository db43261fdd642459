import DomainModel

/// Text columns that hold JSON.
enum JSONColumn {
    /// The stored document; null when it cannot be read.
    static func value(_ column: String) -> JSONValue {
        // What is lost: an unreadable column. Whoever asked treats null as unknown.
        (try? JSONValue(parsing: column)) ?? .null
    }

    /// Whether the text is a JSON document, so that it may be copied into an answer as it is.
    static func isReadable(_ column: String) -> Bool { (try? JSONValue(parsing: column)) != nil }

    /// Members sorted by name, so that equal documents are equal texts.
    static func text(_ value: JSONValue) -> String { value.compactText }
}
