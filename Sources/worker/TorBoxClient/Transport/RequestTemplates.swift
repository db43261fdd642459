import AsyncHTTPClient
import NIOHTTP1
import Synchronization

/// Requests without headers and body, kept by method and target: the HTTP client reads each URL anew, which is a tenth of the
/// work of a call, and nearly all calls go to the same few targets.
final class RequestTemplates: Sendable {
    /// The lists of all kinds with their usual pages, the calls of actions. Whatever comes beyond is read each time.
    static let most = 64

    private struct Key: Hashable {
        let method: String
        let target: String
    }

    private let base: String
    private let kept = Mutex<[Key: HTTPClient.Request]>([:])

    /// - Parameter base: Goes before every target.
    init(base: String) { self.base = base }

    /// How many are kept.
    var count: Int { kept.withLock(\.count) }

    /// - Throws: What the HTTP client has against the URL.
    func request(_ method: HTTPMethod, _ target: String) throws -> HTTPClient.Request {
        let key = Key(method: method.rawValue, target: target)
        if let request = kept.withLock({ $0[key] }) { return request }
        let request = try HTTPClient.Request(url: base + target, method: method)
        kept.withLock { if $0.count < Self.most { $0[key] = request } }
        return request
    }
}
