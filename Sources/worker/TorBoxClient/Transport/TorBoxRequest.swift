import NIOCore
import NIOHTTP1

/// One request, before base, key and user agent are put to it.
struct TorBoxRequest: Sendable {
    enum Purpose: Sendable, Equatable { case fetch, action, create, probe }

    var method: HTTPMethod
    var endpoint: Endpoint
    /// In the order in which they are sent. Names and values are ours (words and numbers) and need no escaping.
    var query: [(name: String, value: String)] = []
    var body: ByteBuffer?
    var contentType = "application/json"
    var purpose: Purpose

    /// Path and query below the API's version, such as `/api/user/me`.
    var target: String {
        var target = "/api/" + endpoint.rawValue
        for (index, (name, value)) in query.enumerated() {
            target += index == 0 ? "?" : "&"
            target += name
            target += "="
            target += value
        }
        return target
    }
}
