import DomainModel
import Logging
import Synchronization
import Testing

@testable import TorBoxClient

/// What is known when an exchange does not end as it should.
@Suite struct FateTests {
    private let call = ControlCall.delete(ItemKey(asset: .torrent, id: 1))
    private let clock = ManualClock()
    private var time: TimeSource { TimeSource(clock: clock) { Timestamp(milliseconds: 0) } }

    private func isUnknown(_ result: ControlResult) -> Bool {
        if case .unknown = result { true } else { false }
    }

    private func isNotSent(_ result: ControlResult) -> Bool {
        if case .notSent = result { true } else { false }
    }

    @Test("a change that gets no answer within its time is of unknown fate, and is not repeated")
    func actionTimeout() async throws {
        let account = try TorBoxAccount.fixture()
        try await withClient(time: time, script: { _ in .hang }) { client, server in
            async let result = client.perform(call, for: account)
            #expect(await eventually { server.requests.count == 1 && clock.sleeperCount == 1 })
            clock.advance(by: .seconds(15))
            #expect(isUnknown(await result))
            #expect(server.requests.count == 1)
        }
    }

    @Test("a connection that breaks after the change was written leaves its fate unknown")
    func brokenConnection() async throws {
        let account = try TorBoxAccount.fixture()
        try await withClient(script: { _ in .close }) { client, server in
            #expect(isUnknown(await client.perform(call, for: account)))
            #expect(server.requests.count == 1)
        }
    }

    @Test("connections that end right behind answers, and a client that is shut down then, end in order")
    func closedBehindAnswers()
        async throws
    {
        let account = try TorBoxAccount.fixture()
        for _ in 0..<100 {
            try await withClient(script: { _ in .reply(200, success("{}")) }) { client, _ in
                await withTaskGroup(of: Bool.self) { group in
                    for _ in 0..<6 { group.addTask { isUnknown(await client.perform(call, for: account)) } }
                    for await isUnknown in group { #expect(!isUnknown) }
                }
            }
        }
    }

    @Test("an answer that never ends is a time-out, also after its head has come")
    func stalledBody() async throws {
        let account = try TorBoxAccount.fixture()
        try await withClient(time: time, script: { _ in .stall }) { client, server in
            async let result = client.perform(call, for: account)
            #expect(await eventually { server.requests.count == 1 && clock.sleeperCount == 1 })
            clock.advance(by: .seconds(15))
            #expect(isUnknown(await result))
        }
    }

    @Test("a refused connection means that nothing was sent")
    func refusedConnection() async throws {
        let account = try TorBoxAccount.fixture()
        let server = try await ScriptedServer.start { _ in .hang }
        try await server.stop()
        let client = TorBoxClient(configuration: .fixture(server.baseURL))
        #expect(isNotSent(await client.perform(call, for: account)))
        try await client.shutdown()
    }

    @Test("a name that does not resolve and a base that is no address mean that nothing was sent")
    func badAddress() async throws {
        let account = try TorBoxAccount.fixture()
        for base in ["http://name.invalid", "not a url"] {
            let client = TorBoxClient(configuration: .fixture(base))
            #expect(isNotSent(await client.perform(call, for: account)))
            try await client.shutdown()
        }
    }

    @Test("a change that is cancelled while it waits for a slot was not sent")
    func cancelledBefore() async throws {
        let account = try TorBoxAccount.fixture()
        try await withClient(time: time, configure: { $0.actionConcurrency = 1 }, script: { _ in .hang }) {
            client, server in
            let first = Task { await client.perform(call, for: account) }
            #expect(await eventually { server.requests.count == 1 })
            let second = Task { await client.perform(call, for: account) }
            // The first sleeps for its time-out, the second for its deadline at the gate.
            #expect(await eventually { clock.sleeperCount == 2 })
            second.cancel()
            #expect(isNotSent(await second.value))
            first.cancel()
            #expect(isUnknown(await first.value))
            #expect(server.requests.count == 1)
        }
    }

    @Test("a change that finds no slot within its time was not sent")
    func noSlot() async throws {
        let account = try TorBoxAccount.fixture()
        try await withClient(time: time, configure: { $0.actionConcurrency = 1 }, script: { _ in .hang }) {
            client, server in
            let first = Task { await client.perform(call, for: account) }
            #expect(await eventually { server.requests.count == 1 })
            let second = Task { await client.perform(call, for: account, within: .seconds(2)) }
            #expect(await eventually { clock.sleeperCount == 2 })
            clock.advance(by: .seconds(2))
            #expect(isNotSent(await second.value))
            first.cancel()
            _ = await first.value
        }
    }

    @Test("a change that the pace leaves no room for is limited and not sent")
    func limited() async throws {
        let account = try TorBoxAccount.fixture()
        try await withClient(
            time: time, configure: { $0.pace = RatePace(requestsPerMinute: 100, reserve: 0.4, burst: 1) },
            script: { _ in .reply(200, success("null")) }
        ) { client, server in
            #expect(await client.perform(call, for: account) == .done)
            #expect(await client.perform(call, for: account, within: .zero) == .limited(retryAfter: .seconds(1)))
            #expect(server.requests.count == 1)
        }
    }

    @Test("after a 429 with retry-after, the next call of that key and endpoint waits, others do not")
    func retryAfter() async throws {
        let account = try TorBoxAccount.fixture()
        let other = try TorBoxAccount.fixture("b")
        try await withClient(
            time: time,
            script: { request in
                request.path.contains("control")
                    ? .reply(429, #"{"detail":"300 per 1 minute"}"#, headers: [("retry-after", "40")])
                    : .reply(200, success("[]"))
            }
        ) { client, server in
            #expect(await client.perform(call, for: account) == .limited(retryAfter: .seconds(40)))
            #expect(
                await client.perform(call, for: account, within: .seconds(39)) == .limited(retryAfter: .seconds(40)))
            #expect(server.requests.count == 1)
            let page = try await client.list(.torrent, for: account)
            #expect(page.items == [])
            #expect(await client.perform(call, for: other) == .limited(retryAfter: .seconds(40)))
            #expect(server.requests.count == 3)
        }
    }

    @Test("a read is repeated after a failure that may pass")
    func readRepeats() async throws {
        let account = try TorBoxAccount.fixture()
        let calls = Atomic(0)
        try await withClient(
            configure: { $0.retry = RetryPolicy(maximumRetries: 2, firstDelay: .milliseconds(1)) },
            script: { _ in
                switch calls.add(1, ordering: .relaxed).newValue {
                case 1: .reply(502, "<html>")
                case 2: .close
                default: .reply(200, success(rows([1])))
                }
            }
        ) { client, server in
            let page = try await client.list(.torrent, for: account)
            #expect(page.items.count == 1)
            #expect(server.requests.count == 3)
        }
    }

    @Test("a read that outlives its time-out is one, and one cut short by the caller is not held against TorBox")
    func readTimeout() async throws {
        let account = try TorBoxAccount.fixture()
        try await withClient(time: time, script: { _ in .hang }) { client, server in
            let slow = Task { try await client.list(.torrent, for: account) }
            #expect(await eventually { server.requests.count == 1 && clock.sleeperCount == 1 })
            clock.advance(by: .seconds(20))
            let timeout = await #expect(throws: TorBoxError.self) { try await slow.value }
            #expect(timeout?.code == .timeout)
            let cut = Task { try await client.list(.torrent, for: account, within: .seconds(3)) }
            #expect(await eventually { server.requests.count == 2 && clock.sleeperCount == 1 })
            clock.advance(by: .seconds(3))
            let outOfTime = await #expect(throws: TorBoxError.self) { try await cut.value }
            #expect(outOfTime?.code == .outOfTime)
        }
    }

    @Test("a cancelled read says so")
    func readCancelled() async throws {
        let account = try TorBoxAccount.fixture()
        try await withClient(script: { _ in .hang }) { client, server in
            let read = Task { try await client.snapshot(of: [.torrent], for: account) }
            #expect(await eventually { server.requests.count == 1 })
            read.cancel()
            await #expect(throws: TorBoxError.cancelled) { try await read.value }
            #expect(client.outage.isPaused == false)
        }
    }

    @Test("an answer over the size limit is refused")
    func tooLarge() async throws {
        let account = try TorBoxAccount.fixture()
        try await withClient(
            configure: { $0.maximumBodyBytes = 100 }, script: { _ in .reply(200, success(rows(1...50))) }
        ) { client, _ in
            let error = await #expect(throws: TorBoxError.self) { try await client.list(.torrent, for: account) }
            #expect(error?.code == .malformed)
        }
    }

    @Test("a redirect is not followed, so the key goes nowhere else")
    func redirect() async throws {
        let account = try TorBoxAccount.fixture()
        try await withClient(script: { _ in .reply(307, "", headers: [("location", "/elsewhere")]) }) {
            client, server in
            #expect(isUnknown(await client.perform(call, for: account)))
            #expect(server.requests.count == 1)
        }
    }

    @Test("neither log nor error nor result shows the key")
    func secrecy() async throws {
        let key = "s3cret-key-of-somebody"
        let account = try TorBoxAccount.fixture(key: key)
        let lines = RecordedLines()
        var logger = Logger(label: "test") { _ in RecordingHandler(lines: lines) }
        logger.logLevel = .trace
        var said = ""
        try await withClient(script: { _ in .close }, logger: logger) { client, _ in
            do { _ = try await client.list(.torrent, for: account) } catch {
                said += "\(error) \(String(reflecting: error))"
            }
            said += "\(await client.perform(call, for: account)) \(account)"
        }
        #expect(!lines.all.withLock { $0 }.isEmpty)
        #expect(!(said + lines.all.withLock { $0 }.joined()).contains(key))
    }
}

private final class RecordedLines: Sendable {
    let all = Mutex<[String]>([])
}

private struct RecordingHandler: LogHandler {
    let lines: RecordedLines
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .trace

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        lines.all.withLock { $0.append("\(event.message) \(String(describing: event.metadata))") }
    }
}
