/// A place in the link history, newest first: behind the row with these values.
package struct LinkCursor: Sendable, Equatable {
    /// As stored.
    package var generatedAt: String?
    package var id: Int64

    package init(generatedAt: String?, id: Int64) {
        self.generatedAt = generatedAt
        self.id = id
    }

    /// `17.323032362d30...`: the id, and the bytes of the time in hex; `17` without a time. Opaque to clients, and of
    /// characters that no query string changes.
    package var text: String {
        guard let generatedAt else { return "\(id)" }
        let digits = Array("0123456789abcdef")
        return generatedAt.utf8.reduce(into: "\(id).") { text, byte in
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
    }

    /// Nil for a text that ``text`` never gives.
    package init?(_ text: String) {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let id = Int64(first), id > 0 else { return nil }
        guard parts.count == 2 else {
            self.init(generatedAt: nil, id: id)
            return
        }
        let values = parts[1].utf8.compactMap { UInt8(String(UnicodeScalar($0)), radix: 16) }
        guard values.count == parts[1].utf8.count, values.count.isMultiple(of: 2) else { return nil }
        let bytes = stride(from: 0, to: values.count, by: 2).map { values[$0] << 4 | values[$0 + 1] }
        guard let time = String(validating: bytes, as: UTF8.self) else { return nil }
        self.init(generatedAt: time, id: id)
    }
}
