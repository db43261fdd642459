import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

@testable import TorBoxSimulator

/// A simulator on a free port, and a client of it.
struct SimulatorProbe: Sendable {
    let simulator: TorBoxSimulator
    /// One for each probe: a pooled connection must not meet the next simulator on the same port.
    let client: HTTPClient
    static let key = "key-of-a-test"

    /// What came back.
    struct Reply: Sendable {
        var status: Int
        var headers: [String: String]
        var text: String

        private var object: [String: Any] {
            (try? JSONSerialization.jsonObject(with: Data(text.utf8))) as? [String: Any] ?? [:]
        }
        var success: Bool? { object["success"] as? Bool }
        var error: String? { object["error"] as? String }
        var hasData: Bool { object["data"] != nil }
        var hasNullData: Bool { object["data"] is NSNull }
        var rows: [Row] { (object["data"] as? [[String: Any]] ?? []).map(Row.init) }
        var row: Row? { (object["data"] as? [String: Any]).map(Row.init) }
        func list(_ key: String) -> [Row] { (object[key] as? [[String: Any]] ?? []).map(Row.init) }
        func ints(_ key: String) -> [Int] { object[key] as? [Int] ?? [] }
    }

    /// One object of an answer.
    struct Row: @unchecked Sendable {  // Values from JSONSerialization, never changed after parsing.
        let fields: [String: Any]
        init(_ fields: [String: Any]) { self.fields = fields }
        var id: Int? { fields["id"] as? Int }
        func text(_ key: String) -> String? { fields[key] as? String }
        func int(_ key: String) -> Int? { fields[key] as? Int }
        func double(_ key: String) -> Double? { fields[key] as? Double }
        func flag(_ key: String) -> Bool? { fields[key] as? Bool }
        func texts(_ key: String) -> [String]? { fields[key] as? [String] }
        func has(_ key: String) -> Bool { fields[key] != nil }
        func isNull(_ key: String) -> Bool { fields[key] is NSNull }
    }

    /// Runs a test against a simulator with one account whose time stands still, and stops it whatever happens.
    static func run(
        _ settings: AccountSettings = AccountSettings(),
        configuration: SimulatorConfiguration = SimulatorConfiguration(clock: .standing(), rateLimits: .off),
        _ body: (SimulatorProbe) async throws -> Void
    ) async throws {
        try await run(configuration: configuration, accounts: [key: settings], body)
    }

    /// Runs a test against a simulator with these accounts.
    static func run(
        configuration: SimulatorConfiguration, accounts: [String: AccountSettings],
        _ body: (SimulatorProbe) async throws -> Void
    ) async throws {
        let simulator = try await TorBoxSimulator.start(configuration)
        for (key, settings) in accounts { simulator.addAccount(key, settings) }
        let probe = SimulatorProbe(simulator: simulator, client: HTTPClient())
        do {
            try await body(probe)
            await simulator.stop()
            try await probe.client.shutdown()
        } catch {
            await simulator.stop()
            try await probe.client.shutdown()
            throw error
        }
    }

    func get(_ path: String, key: String? = Self.key) async throws -> Reply {
        try await send("GET", path, key: key)
    }

    func list(_ endpoint: SimulatorEndpoint, _ query: String = "bypass_cache=true") async throws -> Reply {
        try await get("\(endpoint.path)?\(query)")
    }

    func post(_ endpoint: SimulatorEndpoint, _ json: String, key: String? = Self.key) async throws -> Reply {
        try await send(endpoint.method, endpoint.path, key: key, body: json)
    }

    /// - Parameter seconds: How long to wait for the answer.
    func send(
        _ method: String, _ path: String, key: String? = Self.key, body: String? = nil,
        contentType: String = "application/json", seconds: Int64 = 30
    ) async throws -> Reply {
        var request = HTTPClientRequest(url: simulator.baseURL + path)
        request.method = .init(rawValue: method)
        if let key { request.headers.add(name: "authorization", value: "Bearer \(key)") }
        request.headers.add(name: "user-agent", value: "probe/1")
        if let body {
            request.headers.add(name: "content-type", value: contentType)
            request.body = .bytes(ByteBuffer(string: body))
        }
        let response = try await client.execute(request, timeout: .seconds(seconds))
        let bytes = try await response.body.collect(upTo: 64 << 20)
        var headers: [String: String] = [:]
        for header in response.headers { headers[header.name.lowercased()] = header.value }
        return Reply(status: Int(response.status.code), headers: headers, text: String(buffer: bytes))
    }
}

extension SimulatedClock {
    /// A clock that only moves by hand, from 2026-01-02T00:00:00Z.
    static func standing() -> SimulatedClock {
        SimulatedClock(start: SimulatedItem.defaultCreation + 86_400, speed: 0)
    }
}
