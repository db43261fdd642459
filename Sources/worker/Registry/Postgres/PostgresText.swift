import DomainModel

/// Values in the form that PostgreSQL reads as text.
enum PostgresText {
    static func integer(_ value: Int64?) -> String? { value.map { String($0) } }

    static func time(_ value: Timestamp?) -> String? { integer(value?.milliseconds) }

    /// `{"a",NULL,"b"}`
    static func array(_ values: some Sequence<String?>) -> String {
        var text = "{"
        for value in values {
            if text.utf8.count > 1 { text += "," }
            text += value.map(quoted) ?? "NULL"
        }
        return text + "}"
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for character in text.unicodeScalars {
            if character == "\"" || character == "\\" { quoted += "\\" }
            quoted.unicodeScalars.append(character)
        }
        return quoted + "\""
    }

    /// Runs `body` with C strings. What no PostgreSQL text can hold, the zero byte, becomes a replacement character.
    static func withPointers<Value>(
        _ texts: [String?], _ body: ([UnsafePointer<CChar>?]) -> Value
    ) -> Value {
        var bytes: [CChar] = []
        var starts: [Int?] = []
        for text in texts {
            guard let text else {
                starts.append(nil)
                continue
            }
            starts.append(bytes.count)
            let clean = text.utf8.contains(0) ? String(text.map { $0 == "\0" ? "\u{fffd}" : $0 }) : text
            bytes.append(contentsOf: clean.utf8.lazy.map { CChar(bitPattern: $0) })
            bytes.append(0)
        }
        return bytes.withUnsafeBufferPointer { buffer in
            body(starts.map { start in start.flatMap { buffer.baseAddress?.advanced(by: $0) } })
        }
    }
}
