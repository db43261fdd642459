import DomainModel

/// JavaScript's conversion of anything to a number, which stored triggers were written with.
enum JavaScriptNumber {
    /// Nil stands for not-a-number; infinities are possible.
    static func coerced(_ value: JSONValue) -> Double? {
        switch value {
        case .null: 0
        case .bool(let flag): flag ? 1 : 0
        case .integer(let whole): Double(whole)
        case .number(let number): number
        case .string(let text): parsed(text)
        case .array(let elements): parsed(joined(elements))
        case .object: nil
        }
    }

    private static func parsed(_ text: String) -> Double? {
        let trimmed = text.trimmed
        if trimmed.isEmpty { return 0 }
        for (prefix, radix) in [("0x", 16), ("0X", 16), ("0o", 8), ("0O", 8), ("0b", 2), ("0B", 2)]
        where trimmed.hasPrefix(prefix) {
            let digits = trimmed.dropFirst(2)
            return digits.first?.isHexDigit == true ? UInt64(digits, radix: radix).map { Double($0) } : nil
        }
        if trimmed == "Infinity" || trimmed == "+Infinity" { return .infinity }
        if trimmed == "-Infinity" { return -.infinity }
        let allowed = trimmed.utf8.allSatisfy { byte in
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "+-.eE".utf8.contains(byte)
        }
        return allowed ? Double(trimmed) : nil
    }

    /// What an array becomes on its way to a number: its elements' texts with commas between.
    private static func joined(_ elements: [JSONValue]) -> String {
        elements.map { element in
            switch element {
            case .null: ""
            case .string(let text): text
            case .array(let inner): joined(inner)
            case .object: "[object Object]"
            default: element.compactText
            }
        }.joined(separator: ",")
    }
}

extension String {
    /// Without white space at either end.
    var trimmed: Substring {
        var rest = drop { $0.isWhitespace }
        while let last = rest.last, last.isWhitespace { rest.removeLast() }
        return rest
    }
}
