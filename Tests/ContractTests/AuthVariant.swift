import ServiceHarness

/// A way to say who one is, right or wrong. Source: REST contract, section 0.2.
struct AuthVariant: Sendable {
    var title: String
    var key: String?
    var headers: [(String, String)] = []
    /// Added to the path's query.
    var query: String?
    var status = 200
    var error = ""

    static let refused = [
        AuthVariant(title: "without a key", status: 401, error: "API key required"),
        AuthVariant(
            title: "with an authId alone", headers: [("x-auth-id", String(repeating: "a", count: 64))], status: 401,
            error: "API key required"),
        AuthVariant(title: "with a short key", key: "short", status: 400, error: "Invalid API key format"),
        AuthVariant(
            title: "with odd characters", key: "key with spaces in it", status: 400,
            error: "Invalid API key format"),
        AuthVariant(
            title: "with a foreign authId", key: ContractService.key,
            query: "authId=" + String(repeating: "b", count: 64),
            status: 403, error: "authId does not match API key"),
        AuthVariant(
            title: "with an unknown key", key: ContractService.strangersKey, status: 404, error: "User not registered"),
    ]

    static let accepted = [
        AuthVariant(title: "by x-api-key", key: ContractService.key),
        AuthVariant(title: "by Authorization", headers: [("authorization", "Bearer " + ContractService.key)]),
    ]

    func send(_ exchange: Exchange, _ rest: RESTClient) async throws -> RESTClient.Answer {
        let joint = exchange.path.contains("?") ? "&" : "?"
        return try await rest.send(
            exchange.method, exchange.path + (query.map { joint + $0 } ?? ""), key: key, json: exchange.body,
            headers: headers)
    }
}
