import DomainModel
import NIOHTTP1
import Synchronization
import Testing

@testable import TorBoxClient

/// How calls feed the detector, and what a pause does to calls.
@Suite struct OutageTests {
    private static let badKey = #"{"success":false,"error":"BAD_TOKEN","detail":"","data":null}"#
    private let call = ControlCall.delete(ItemKey(asset: .torrent, id: 1))

    private func pause(_ client: TorBoxClient) {
        for _ in 1...5 { client.outage.record(.unreachable) }
    }

    @Test("five failing calls pause everything, and further calls fail at once without a request")
    func pauses() async throws {
        let account = try TorBoxAccount.fixture()
        try await withClient(script: { _ in .reply(502, "<html>") }) { client, server in
            for _ in 1...5 { _ = try? await client.list(.torrent, for: account) }
            #expect(client.outage.isPaused)
            let error = await #expect(throws: TorBoxError.self) { try await client.list(.torrent, for: account) }
            #expect(error?.code == .outage)
            guard case .notSent = await client.perform(call, for: account) else {
                Issue.record("a change was sent during a pause")
                return
            }
            #expect(server.requests.count == 5)
        }
    }

    @Test("refused connections count, and repeats of one call count once")
    func refusedConnections() async throws {
        let account = try TorBoxAccount.fixture()
        let server = try await ScriptedServer.start { _ in .hang }
        let configuration = TorBoxClientConfiguration.fixture(server.baseURL, retries: 2)
        try await server.stop()
        let client = TorBoxClient(configuration: configuration)
        for _ in 1...4 { _ = try? await client.list(.torrent, for: account) }
        #expect(!client.outage.isPaused)
        guard case .notSent = await client.perform(call, for: account) else {
            Issue.record("a refused connection must be certain")
            return
        }
        #expect(client.outage.isPaused)
        try await client.shutdown()
    }

    @Test(
        "trouble with key, plan or pace never counts",
        arguments: [
            (401, ""), (403, badKey), (403, #"{"success":false,"error":"PLAN_RESTRICTED_FEATURE"}"#),
            (429, #"{"detail":"300 per 1 minute"}"#), (400, #"{"success":false,"error":"INVALID_OPTION"}"#),
        ])
    func neverCounts(status: Int, body: String) async throws {
        try await withClient(script: { _ in .reply(status, body) }) { client, _ in
            for digit in "abcdef" {
                let account = try TorBoxAccount.fixture(digit)
                _ = try? await client.list(.torrent, for: account)
            }
            #expect(!client.outage.isPaused)
        }
    }

    @Test("a probe that an account is accepted for ends the pause")
    func probeSucceeds() async throws {
        let accounts = try "abc".map { try TorBoxAccount.fixture($0, key: "key-\($0)") }
        try await withClient(
            script: {
                $0.headers.first(name: "authorization") == "Bearer key-b"
                    ? .reply(200, success("{}")) : .reply(403, Self.badKey)
            }
        ) { client, server in
            pause(client)
            #expect(await client.probe(accounts) == .reachable)
            #expect(!client.outage.isPaused)
            #expect(server.requests.map(\.target) == ["/v1/api/user/me", "/v1/api/user/me"])
        }
    }

    @Test("when every account is refused or nobody answers, the pause goes on and the next probe is put off")
    func probeFails() async throws {
        let clock = ManualClock()
        let time = TimeSource(clock: clock) { Timestamp(milliseconds: 0) }
        let accounts = try "abcd".map { try TorBoxAccount.fixture($0) }
        let status = Atomic(403)
        try await withClient(
            time: time, script: { _ in .reply(status.load(ordering: .relaxed), Self.badKey) }
        ) { client, server in
            pause(client)
            clock.advance(by: .seconds(120))
            #expect(client.outage.timeUntilProbe == .zero)
            #expect(await client.probe(accounts) == .noKeyAccepted)
            #expect(server.requests.count == 3)
            #expect(client.outage.timeUntilProbe == .seconds(180))
            status.store(500, ordering: .relaxed)
            #expect(await client.probe(accounts) == .unreachable)
            #expect(await client.probe([]) == .unreachable)
            #expect(client.outage.isPaused)
        }
    }

    @Test("probes run by themselves while paused, until one succeeds")
    func recovery() async throws {
        let clock = ManualClock()
        let time = TimeSource(clock: clock) { Timestamp(milliseconds: 0) }
        let account = try TorBoxAccount.fixture()
        let isDown = Atomic(true)
        try await withClient(
            time: time, script: { _ in isDown.load(ordering: .relaxed) ? .reply(503, "") : .reply(200, success("{}")) }
        ) { client, server in
            let probes = Task { await client.runRecoveryProbes { [account] } }
            pause(client)
            #expect(await eventually { clock.sleeperCount == 1 })
            clock.advance(by: .seconds(120))
            #expect(await eventually { server.requests.count == 1 && client.outage.timeUntilProbe == .seconds(180) })
            isDown.store(false, ordering: .relaxed)
            #expect(await eventually { clock.sleeperCount == 1 })
            clock.advance(by: .seconds(180))
            #expect(await eventually { !client.outage.isPaused })
            probes.cancel()
            await probes.value
        }
    }

    @Test("an account can be checked during a pause, and a success ends it")
    func userDuringPause() async throws {
        let account = try TorBoxAccount.fixture()
        try await withClient(script: { _ in .reply(200, success(#"{"plan":1}"#)) }) { client, _ in
            pause(client)
            let user = try await client.user(account)
            #expect(user.plan == 1)
            #expect(!client.outage.isPaused)
        }
    }

    @Test("everyone who listens hears of pause and end, also who comes late")
    func changes() async throws {
        let detector = OutageDetector(time: .system)
        var early = detector.changes().makeAsyncIterator()
        for _ in 1...5 { detector.record(.unreachable) }
        #expect(await early.next() == .paused)
        var late = detector.changes().makeAsyncIterator()
        #expect(await late.next() == .paused)
        detector.record(.reached)
        #expect(await early.next() == .resumed)
        #expect(await late.next() == .resumed)
    }
}
