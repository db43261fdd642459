/// A request as the pure core sees it.
struct SimulatorCall: Sendable {
    var endpoint: SimulatorEndpoint
    var query: [String: String] = [:]
    var body: [UInt8] = []
    var contentType = "application/json"

    /// A whole number in the query.
    /// - Throws: An ``Answer`` like FastAPI's validation error when there is something else.
    func int(_ key: String) throws(Refusal) -> Int? {
        guard let text = query[key] else { return nil }
        guard let value = Int(text), value >= 0 else { throw Refusal(.invalid("query", key)) }
        return value
    }

    /// Whether the caller asks for present rows; TorBox's cache takes only the lower-case word.
    var bypassesCache: Bool { query["bypass_cache"] == "true" }
}
