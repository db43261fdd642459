import DomainModel

/// Compares the JSON texts of rules.
enum RuleJSON {
    /// Whether two texts say the same, whatever their spacing and order of members. Members whose names begin with `_`
    /// are the editor's own (it renews `_key` at will) and do not count. Texts that are no JSON compare as texts.
    static func sameMeaning(_ left: String, _ right: String) -> Bool {
        if left == right { return true }
        guard let first = parse(left), let second = parse(right) else { return false }
        return withoutPrivateMembers(first) == withoutPrivateMembers(second)
    }

    private static func parse(_ text: String) -> JSONValue? {
        // What cannot be parsed is compared as text, so nothing is lost by dropping the reason.
        try? JSONValue(parsing: text)
    }

    private static func withoutPrivateMembers(_ value: JSONValue) -> JSONValue {
        switch value {
        case .array(let elements): .array(elements.map(withoutPrivateMembers))
        case .object(let members):
            .object(members.filter { !$0.key.hasPrefix("_") }.mapValues(withoutPrivateMembers))
        default: value
        }
    }
}
