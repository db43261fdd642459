import DomainModel

/// What a JSON value must look like. Literals stand for themselves: `"x"`, `7`, `true`, `nil`, `["member": shape]`.
indirect enum Shape: Sendable {
    case any
    case text
    /// A positive whole number: ids are never texts.
    case id
    case whole
    case number
    case flag
    /// `YYYY-MM-DD HH:MM:SS`
    case sqliteTime
    /// `YYYY-MM-DDTHH:MM:SS.sssZ`
    case isoTime
    case exactly(JSONValue)
    /// The value that an earlier exchange kept under that name.
    case kept(String)
    case list(Shape)
    /// A list of exactly these.
    case elements([Shape])
    /// Exactly these members.
    case object([String: Shape])
    /// At least these members.
    case including([String: Shape])
    case nullable(Shape)
    /// A member that may be absent.
    case optional(Shape)
}

extension Shape {
    /// What is wrong with the value, each with the path to it; empty when nothing is.
    func problems(in value: JSONValue?, at path: String = "body", kept: [String: JSONValue] = [:]) -> [String] {
        guard let value else {
            if case .optional = self { return [] }
            return ["\(path) is missing"]
        }
        let isGood: Bool
        switch self {
        case .any: isGood = true
        case .text: isGood = value.stringValue != nil
        case .id: isGood = Self.isInteger(value) && (value.integerValue ?? 0) > 0
        case .whole: isGood = Self.isInteger(value)
        case .number: isGood = value.doubleValue != nil
        case .flag: isGood = value.boolValue != nil
        case .sqliteTime: isGood = Self.matches(value, "dddd-dd-dd dd:dd:dd")
        case .isoTime: isGood = Self.matches(value, "dddd-dd-ddTdd:dd:dd.dddZ")
        case .exactly(let expected): isGood = value == expected
        case .kept(let name): isGood = value == kept[name]
        case .list(let element):
            guard let elements = value.arrayValue else { return ["\(path) is no list: \(value.compactText)"] }
            return elements.enumerated().flatMap { element.problems(in: $1, at: "\(path)[\($0)]", kept: kept) }
        case .elements(let shapes):
            guard let elements = value.arrayValue, elements.count == shapes.count else {
                return ["\(path) is no list of \(shapes.count): \(value.compactText)"]
            }
            return zip(shapes, elements).enumerated().flatMap {
                $1.0.problems(in: $1.1, at: "\(path)[\($0)]", kept: kept)
            }
        case .object(let members):
            return Self.problems(value, members, isClosed: true, path, kept)
        case .including(let members):
            return Self.problems(value, members, isClosed: false, path, kept)
        case .nullable(let shape): return value.isNull ? [] : shape.problems(in: value, at: path, kept: kept)
        case .optional(let shape): return shape.problems(in: value, at: path, kept: kept)
        }
        return isGood ? [] : ["\(path) is \(value.compactText.prefix(200)), not \(self)"]
    }

    private static func problems(
        _ value: JSONValue, _ members: [String: Shape], isClosed: Bool, _ path: String, _ kept: [String: JSONValue]
    ) -> [String] {
        guard let found = value.objectValue else { return ["\(path) is no object: \(value.compactText)"] }
        let unknown = isClosed ? found.keys.filter { members[$0] == nil }.sorted() : []
        return unknown.map { "\(path).\($0) is not in the contract" }
            + members.sorted { $0.key < $1.key }.flatMap {
                $0.value.problems(in: found[$0.key], at: "\(path).\($0.key)", kept: kept)
            }
    }

    private static func isInteger(_ value: JSONValue) -> Bool {
        if case .integer = value { return true }
        return false
    }

    private static func matches(_ value: JSONValue, _ pattern: String) -> Bool {
        guard let text = value.stringValue, text.count == pattern.count else { return false }
        return zip(text, pattern).allSatisfy { $1 == "d" ? ("0"..."9").contains($0) : $0 == $1 }
    }
}

extension Shape: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByNilLiteral, ExpressibleByDictionaryLiteral
{
    init(stringLiteral text: String) { self = .exactly(.string(text)) }
    init(integerLiteral number: Int64) { self = .exactly(.integer(number)) }
    init(booleanLiteral flag: Bool) { self = .exactly(.bool(flag)) }
    init(nilLiteral: ()) { self = .exactly(.null) }
    init(dictionaryLiteral members: (String, Shape)...) {
        self = .object(Dictionary(members) { first, _ in first })
    }
}
