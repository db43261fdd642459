import DomainModel

/// How request bodies spell what they say.
extension JSONValue {
    /// A non-empty text; a whole number counts as its digits, since screens send ids either way.
    var idText: String? {
        if let text = stringValue { return text.isEmpty ? nil : text }
        return integerValue.map(String.init)
    }

    /// Whether it counts as given: neither null, false, 0 nor the empty text.
    var isGiven: Bool {
        switch self {
        case .null, .bool(false), .integer(0), .string(""): false
        case .number(let number): number != 0
        default: true
        }
    }
}
