import Foundation

/// The bytes of one valid JSON value inside a document. Valid only while the document's bytes are.
struct JSONSlice {
    let bytes: UnsafeRawBufferPointer

    /// Whether this is the text `name`.
    func matches(_ name: String) -> Bool {
        let inner = bytes.dropFirst().dropLast()
        return inner.contains(UInt8(ascii: "\\")) ? text == name : inner.elementsEqual(name.utf8)
    }

    var member: JSONMembers.Member {
        guard bytes.first == UInt8(ascii: "\"") else {
            let word = String(decoding: bytes, as: UTF8.self)
            return word == "null" || word == "false" || Double(word) == 0 ? .empty : .other
        }
        // Surrogates that do not pair are the only texts that cannot be read: no name or key of ours.
        guard let text else { return .other }
        return text.isEmpty ? .empty : .text(text)
    }

    private var text: String? {
        // An unreadable text is nil, which is all that the caller wants to know.
        try? JSONDecoder().decode(String.self, from: Data(bytes))
    }
}
