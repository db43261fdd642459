import DomainModel
import Foundation
import NIOCore

/// TorBox's `{success, error, detail, data}`, read with all the oddities that it is known for.
struct Envelope: Sendable, Equatable {
    /// Nil when absent or no boolean: never to be taken as success.
    var success: Bool?
    /// The `error` text; nil for null, booleans, the text `null` and blanks.
    var errorCode: String?
    /// A text as it is, anything else as JSON, cut to 300 characters.
    var detail: String?
    /// Nil when absent.
    var data: JSONValue?

    /// Nil when the body is no JSON object.
    init?(_ body: ByteBuffer) {
        guard case .object(let members)? = Self.document(body) else { return nil }
        success = members["success"]?.boolValue
        errorCode = Self.code(members["error"]?.stringValue)
        detail = members["detail"].flatMap(Self.text)
        data = members["data"]
    }

    /// Nil when the body is no JSON. A byte order mark at its beginning is passed over, as by TorBox's other clients.
    private static func document(_ body: ByteBuffer) -> JSONValue? {
        body.withUnsafeReadableBytes { bytes in
            let text = bytes.starts(with: "\u{FEFF}".utf8) ? bytes.dropFirst(3) : bytes[...]
            return try? JSONValue(parsing: UnsafeRawBufferPointer(rebasing: text).bindMemory(to: UInt8.self))
        }
    }

    static func code(_ text: String?) -> String? {
        guard let text = text?.trimmingCharacters(in: .whitespacesAndNewlines), !text.isEmpty,
            text.lowercased() != "null"
        else { return nil }
        return String(text.prefix(100))
    }

    private static func text(_ value: JSONValue) -> String? {
        if value.isNull { return nil }
        if let text = value.stringValue { return String(text.prefix(300)) }
        // Encoding a value that was just decoded fails for no input; without it only the hint to people is lost.
        guard let data = try? JSONEncoder().encode(value) else { return nil }
        return String(String(decoding: data, as: UTF8.self).prefix(300))
    }
}
