import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import Synchronization

@testable import ChaosVerdict

/// Reads a list from a simulator, and notes what it showed.
final class Witness: Sendable {
    private let noted = Mutex<[Showing]>([])

    var showings: [Showing] { noted.withLock { $0 } }

    func note(_ showing: Showing?) { noted.withLock { $0 += [showing].compactMap(\.self) } }

    func read(_ baseURL: String, key: String) async throws {
        var request = HTTPClientRequest(url: baseURL + "/v1/api/torrents/mylist?bypass_cache=true")
        request.headers.add(name: "authorization", value: "Bearer \(key)")
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
        _ = try await response.body.collect(upTo: 1 << 20)
    }
}
