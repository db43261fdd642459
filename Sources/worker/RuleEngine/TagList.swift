import DomainModel

/// The tag ids that a condition names, read with the leniency that stored rules need.
struct TagList: Sendable, Hashable {
    /// Ids that can be on a download.
    private(set) var ids: [Int64] = []
    /// Whether a number was named that no tag can have, such as 1.5.
    private(set) var hasImpossible = false

    var isEmpty: Bool { ids.isEmpty && !hasImpossible }

    /// Numbers count as they are; texts, and arrays by their first element, by their leading whole number;
    /// everything else is dropped.
    init(_ values: [JSONValue]) {
        for value in values { take(value) }
    }

    private mutating func take(_ value: JSONValue) {
        switch value {
        case .integer(let id): ids.append(id)
        case .number(let number):
            if let id = Int64(exactly: number) { ids.append(id) } else { hasImpossible = true }
        case .string(let text):
            if let id = Self.leadingInteger(text) { ids.append(id) }
        case .array(let elements):
            // An array stands for its elements' texts with commas between them, so the first one decides.
            switch elements.first {
            case .number(let number)?: if let id = Int64(exactly: number.rounded(.towardZero)) { ids.append(id) }
            case let first?: take(first)
            case nil: break
            }
        case .null, .bool, .object: break
        }
    }

    /// `"2abc"` is 2, `"x"` is nothing.
    static func leadingInteger(_ text: String) -> Int64? {
        var rest = text.drop { $0.isWhitespace }.utf8[...]
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
        let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard !digits.isEmpty, let number = Int64(String(decoding: digits, as: UTF8.self)) else { return nil }
        return isNegative ? -number : number
    }
}
