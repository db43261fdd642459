import Foundation

/// Any JSON, kept with its type: rows given over HTTP may have odd types on purpose.
enum JSONValue: Sendable, Equatable, Decodable {
    case null
    case bool(Bool)
    case int(Int)
    case double(Double)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        // Each attempt but the right one fails; what is lost is only the failure.
        if value.decodeNil() {
            self = .null
        } else if let bool = try? value.decode(Bool.self) {
            self = .bool(bool)
        } else if let int = try? value.decode(Int.self) {
            self = .int(int)
        } else if let double = try? value.decode(Double.self) {
            self = .double(double)
        } else if let text = try? value.decode(String.self) {
            self = .string(text)
        } else if let array = try? value.decode([JSONValue].self) {
            self = .array(array)
        } else {
            self = .object(try value.decode([String: JSONValue].self))
        }
    }

    /// The JSON text.
    var text: String {
        var writer = JSONByteWriter()
        write(to: &writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    private func write(to writer: inout JSONByteWriter) {
        switch self {
        case .null: writer.null()
        case .bool(let bool): writer.bool(bool)
        case .int(let int): writer.int(int)
        case .double(let double): writer.double(double)
        case .string(let text): writer.string(text)
        case .array(let values):
            writer.raw("[")
            for (place, value) in values.enumerated() {
                if place > 0 { writer.raw(",") }
                value.write(to: &writer)
            }
            writer.raw("]")
        case .object(let fields):
            writer.raw("{")
            for (place, key) in fields.keys.sorted().enumerated() {
                if place > 0 { writer.raw(",") }
                writer.string(key)
                writer.raw(":")
                (fields[key] ?? .null).write(to: &writer)
            }
            writer.raw("}")
        }
    }
}
