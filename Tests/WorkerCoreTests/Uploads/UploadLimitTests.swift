import DomainModel
import Testing
import TorBoxSimulator
import UserStore
import WireProtocol

@testable import WorkerCore

/// What TorBox takes of creates in a minute and in an hour, said by its answers or counted by us.
@Suite(.serialized, .timeLimit(.minutes(5))) struct UploadLimitTests {
    @Test("a limit that names its time is waited out, without a call before it")
    func limitWithHeaders() async throws {
        try await WorkerBench.run { bench in
            bench.simulator.inject(SimulatedFault(.rateLimited(retryAfterSeconds: 90), endpoints: [.torrentCreate]))
            let ids = [try await bench.uploadMagnet(1), try await bench.uploadMagnet(2)]
            #expect(await bench.drain() == noon(90))
            #expect(try await bench.uploadRow(ids[0])?.errorMessage == UploadMessage.rateLimit)
            bench.advance(60)
            #expect(await bench.drain() == noon(90))
            #expect(bench.creates.count == 1)
            let shown = await bench.ask(Operation.listUploads)
            #expect(
                shown["data"]?.arrayValue?.allSatisfy { $0["error_message"] == .string(UploadMessage.rateLimit) }
                    == true)
            let statistics = shown["uploadStatistics"]
            #expect(statistics?["retryAt"] == .string(noon(90).sqliteText))
            #expect(statistics?["byType"]?["torrent"]?["deferredCount"] == .integer(2))
            bench.advance(31)
            #expect(await bench.drain() == nil)
            for id in ids { #expect(try await bench.uploadRow(id)?.status == .completed) }
            #expect(bench.library().count == 2)
        }
    }

    @Test(
        "the hour's refusal without headers is waited out by our own count, or for five minutes when others used it up")
    func limitWithoutHeaders() async throws {
        try await WorkerBench.run { bench in
            let refusal = FaultKind.raw(
                status: 429, body: #"{"detail":"60 per 1 hour"}"#, contentType: "application/json")
            bench.simulator.inject(SimulatedFault(refusal, endpoints: [.torrentCreate]))
            let id = try await bench.uploadMagnet(1)
            #expect(await bench.drain() == noon(300))
            bench.advance(301)
            #expect(await bench.drain() == nil)
            #expect(try await bench.uploadRow(id)?.status == .completed)
        }
    }

    @Test("the hour's budget is counted from the journal, so a restart does not forget it")
    func hourlyBudget() async throws {
        try await WorkerBench.run { bench in
            let id = try await bench.uploadMagnet(1)
            try await bench.parts.users.write(bench.user) { db in
                for minute in 0..<60 {
                    try UploadAttemptRepository.record(
                        db, upload: 900, .torrent, .success, status: 200, at: noon(-3_000 + Int64(minute) * 20))
                }
            }
            #expect(await bench.drain() == noon(600))
            #expect(bench.creates.isEmpty)
            #expect(try await bench.uploadRow(id)?.errorMessage == UploadMessage.uncachedLimit)
            let window = await bench.ask(Operation.listUploads)["uploadStatistics"]?["byType"]?["torrent"]?["window"]
            #expect(window?["uncachedUsed"] == .integer(60))
            #expect(window?["uncachedResetAt"] == .string(noon(600).sqliteText))
            bench.advance(601)
            await bench.drain()
            #expect(try await bench.uploadRow(id)?.status == .completed)
        }
    }

    @Test("an hour that TorBox says is used up is waited out without a call, also by a worker that starts anew")
    func saidBudget() async throws {
        let limits = RateLimits(perMinute: nil, createsPerHour: 2, createsPerMinute: nil)
        try await WorkerBench.run(limits: limits) { bench in
            for number in 1...3 { try await bench.uploadMagnet(number) }
            #expect(await bench.drain() == noon(3_600))
            #expect(bench.creates.count == 2)
            let (user, policy, now) = (bench.user, bench.parts.uploads.policy, bench.now.value)
            let fresh = UploadMemory()
            let gate = try await bench.parts.users.read(user) { db in
                try UploadOutlook.of(.torrent, of: user, db, fresh, policy, at: now).gate
            }
            #expect(gate?.reason == .uncachedLimit)
            #expect(gate?.until == noon(3_600))
            bench.advance(3_601)
            await bench.drain()
            // The simulator's own hour is a real one, so the call is refused; but it is made.
            #expect(bench.creates.count == 3)
        }
    }

    @Test("ten creates a minute go, the eleventh waits, and other kinds do not")
    func edgeLimit() async throws {
        try await WorkerBench.run { bench in
            for number in 1...12 { try await bench.uploadMagnet(number) }
            let link = try await bench.upload(UploadSample.linkBody("https://host.example/f"))
            #expect(await bench.drain() == noon(60))
            #expect(bench.library().count == 10)
            #expect(try await bench.uploadRow(link)?.status == .completed)
            bench.advance(61)
            #expect(await bench.drain() == nil)
            #expect(bench.library().count == 12)
        }
    }

    @Test("a create that TorBox had cached is marked, and leaves the hour's budget alone")
    func cached() async throws {
        try await WorkerBench.run { bench in
            bench.simulator.changeSettings(of: WorkerBench.key) { $0.cachedHashes = [UploadSample.hash(1)] }
            let (hit, miss) = (try await bench.uploadMagnet(1), try await bench.uploadMagnet(2))
            await bench.drain()
            let answer = await bench.ask(Operation.listUploads)
            let rows = answer["data"]?.arrayValue ?? []
            let flags = rows.reduce(into: [Int64: JSONValue?]()) {
                $0[$1["id"]?.integerValue ?? 0] = $1["create_was_cached"]
            }
            #expect(flags[hit] == .some(.bool(true)) && flags[miss] == .some(.bool(false)))
            let window = answer["uploadStatistics"]?["byType"]?["torrent"]?["window"]
            #expect(window?["uncachedUsed"] == .integer(1))
        }
    }

    @Test("with the hour's budget used up, what TorBox has already still goes")
    func cachedBeyondBudget() async throws {
        try await WorkerBench.run { bench in
            bench.simulator.changeSettings(of: WorkerBench.key) { $0.cachedHashes = [UploadSample.hash(2)] }
            let (miss, hit) = (try await bench.uploadMagnet(1), try await bench.uploadMagnet(2))
            try await bench.parts.users.write(bench.user) { db in
                for second in 0..<60 {
                    try UploadAttemptRepository.record(
                        db, upload: 900, .torrent, .success, status: 200, at: noon(-1_000 - Int64(second)))
                }
            }
            await bench.drain()
            #expect(try await bench.uploadRow(hit)?.status == .completed)
            #expect(try await bench.uploadRow(miss)?.status == .queued)
            #expect(try await bench.uploadRow(miss)?.errorMessage == UploadMessage.uncachedLimit)
            #expect(bench.creates.count == 1)
        }
    }
}
