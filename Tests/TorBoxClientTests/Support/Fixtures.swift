import DomainModel
import Logging
import NIOCore
import NIOHTTP1

@testable import TorBoxClient

extension UserID {
    /// A user of tests, told apart by one hex digit.
    static func fixture(_ digit: Character = "a") -> UserID? { UserID(String(repeating: digit, count: 64)) }
}

struct NoFixture: Error {}

extension TorBoxAccount {
    static func fixture(_ digit: Character = "a", key: String = "key-of-tests") throws -> TorBoxAccount {
        guard let user = UserID.fixture(digit) else { throw NoFixture() }
        return TorBoxAccount(user: user, key: APIKey(key))
    }
}

extension DownloadItem {
    static func fixture(
        _ id: Int64, _ asset: AssetType = .torrent, isQueued: Bool = false, hash: String? = nil
    ) -> DownloadItem {
        var item = DownloadItem(key: ItemKey(asset: asset, isQueued: isQueued, id: id))
        item.hash = hash
        return item
    }
}

extension HTTPAnswer {
    static func fixture(_ status: Int, _ body: String, headers: [(String, String)] = []) -> HTTPAnswer {
        HTTPAnswer(status: status, headers: HTTPHeaders(headers), body: ByteBuffer(string: body))
    }
}

/// A successful envelope around that JSON.
func success(_ data: String) -> String { #"{"success":true,"error":null,"detail":"ok","data":\#(data)}"# }

/// Rows with these ids.
func rows(_ ids: some Sequence<Int>) -> String {
    "[" + ids.map { #"{"id":\#($0),"hash":"h\#($0)","name":"item \#($0)"}"# }.joined(separator: ",") + "]"
}

extension TorBoxClientConfiguration {
    static func fixture(_ baseURL: String, retries: Int = 0) -> TorBoxClientConfiguration {
        var configuration = TorBoxClientConfiguration(baseURL: baseURL, version: "1.2.3")
        configuration.retry = RetryPolicy(maximumRetries: retries, firstDelay: .milliseconds(1))
        // Tests are no strangers to bursts; pacing has tests of its own.
        configuration.pace = RatePace(requestsPerMinute: 1_000_000, reserve: 0.2, burst: 1_000)
        return configuration
    }
}

/// Runs `body` with a client of a scripted server, and ends both whatever happens.
func withClient(
    time: TimeSource = .system, configure: (inout TorBoxClientConfiguration) -> Void = { _ in },
    script: @escaping ScriptedServer.Script, logger: Logger = Logger(label: "test"),
    _ body: (TorBoxClient, ScriptedServer) async throws -> Void
) async throws {
    let server = try await ScriptedServer.start(script)
    var configuration = TorBoxClientConfiguration.fixture(server.baseURL)
    configure(&configuration)
    let client = TorBoxClient(configuration: configuration, time: time, logger: logger)
    do {
        try await body(client, server)
    } catch {
        try await client.shutdown()
        try await server.stop()
        throw error
    }
    try await client.shutdown()
    try await server.stop()
}
