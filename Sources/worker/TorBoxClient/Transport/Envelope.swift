import DomainModel
import Foundation
import NIOCore
import NIOFoundationCompat

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
        guard let document = try? JSONDecoder().decode(JSONValue.self, from: body),  // Not JSON: not an envelope.
            case .object(let members) = document
        else { return nil }
        success = members["success"]?.boolValue
        errorCode = Self.code(members["error"]?.stringValue)
        detail = members["detail"].flatMap(Self.text)
        data = members["data"]
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
