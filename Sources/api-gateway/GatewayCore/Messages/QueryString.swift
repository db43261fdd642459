/// The parameters after the question mark. Of a name that comes several times the first counts.
struct QueryString: Sendable, Equatable {
    private(set) var parameters: [String: String] = [:]

    init(_ text: String?) {
        for pair in (text ?? "").split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = PercentEncoding.decode(parts[0], plusIsSpace: true)
            guard !name.isEmpty, parameters[name] == nil else { continue }
            parameters[name] = parts.count > 1 ? PercentEncoding.decode(parts[1], plusIsSpace: true) : ""
        }
    }

    /// Nil when absent or empty.
    subscript(name: String) -> String? {
        guard let value = parameters[name], !value.isEmpty else { return nil }
        return value
    }
}
