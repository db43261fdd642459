import NIOHTTP1

/// A request of a user's client.
struct ChaosRequest: Sendable {
    var method: HTTPMethod
    var path: String
    var body: String?
    /// Sending it again does no harm, whatever became of it.
    var isRepeatable: Bool

    static func read(_ path: String) -> ChaosRequest {
        ChaosRequest(method: .GET, path: path, body: nil, isRepeatable: true)
    }

    static func post(_ path: String, _ body: String, isRepeatable: Bool) -> ChaosRequest {
        ChaosRequest(method: .POST, path: path, body: body, isRepeatable: isRepeatable)
    }

    static func put(_ path: String, _ body: String) -> ChaosRequest {
        ChaosRequest(method: .PUT, path: path, body: body, isRepeatable: true)
    }
}
