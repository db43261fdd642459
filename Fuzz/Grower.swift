import DomainModel

/// Makes values out of fuzzed bytes: each byte is one choice, so that a small change of the input is a small change of
/// what grows. When the bytes are used up every choice is the first.
struct Grower {
    private var bytes: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { self.bytes = bytes[...] }

    var isUsedUp: Bool { bytes.isEmpty }

    mutating func byte() -> UInt8 { bytes.popFirst() ?? 0 }

    mutating func count(below limit: Int) -> Int { Int(byte()) % limit }

    mutating func pick<Value>(_ values: [Value]) -> Value { values[count(below: values.count)] }

    mutating func isTrue(oneIn chance: Int = 2) -> Bool { count(below: chance) == 1 }

    /// Numbers at which something may turn over, and plain ones.
    mutating func number() -> JSONValue {
        switch count(below: 12) {
        case 0: .integer(Int64(byte()))
        case 1: .number(Double(byte()) / 16)
        case 2: .integer(-Int64(byte()))
        case 3: .number(Double(byte()) * 1e6)
        case 4: .integer(.max)
        case 5: .integer(.min)
        case 6: .number(pick([.greatestFiniteMagnitude, -.greatestFiniteMagnitude, .leastNonzeroMagnitude, -0.0, 1e16]))
        case 7: .integer(8_640_000)
        case 8: .integer(1 << 53)
        default: .integer(Int64(count(below: 4)))
        }
    }

    mutating func text() -> JSONValue {
        .string(pick(["x", "doomed", "", "İ", "e\u{301}", "\u{0}", "true", "7", "2026-01-01T00:00:00Z", "seeding"]))
    }

    /// Of any type, for where something else is due.
    mutating func oddity() -> JSONValue {
        switch count(below: 7) {
        case 0: .null
        case 1: .bool(isTrue())
        case 2: number()
        case 3: text()
        case 4: .array([number(), text()])
        case 5: .object(["id": number()])
        default: .array([])
        }
    }

    /// A list of up to so many.
    mutating func list(upTo limit: Int, _ grow: (inout Grower) -> JSONValue) -> JSONValue {
        .array((0..<count(below: limit + 1)).map { _ in grow(&self) })
    }
}
