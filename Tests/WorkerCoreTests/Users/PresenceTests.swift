import DomainModel
import Registry
import Testing
import TorBoxSimulator
import WireProtocol

@testable import WorkerCore

@Suite(.serialized, .timeLimit(.minutes(5))) struct PresenceTests {
    private func stored(_ bench: WorkerBench) async throws -> Timestamp? {
        try await bench.parts.registry.user(bench.user)?.lastSeen
    }

    private func flush(_ bench: WorkerBench) async {
        await bench.parts.users.presence.flush(at: bench.now.value)
    }

    @Test("a sign of life counts at once, is written with the next batch, and then at most every five minutes")
    func touch() async throws {
        try await WorkerBench.run { bench async throws in
            let presence = bench.parts.users.presence
            #expect(!presence.isOnline(bench.user, at: bench.now.value))
            #expect(await bench.ask(Operation.touch).status == 200)
            #expect(presence.isOnline(bench.user, at: bench.now.value))
            #expect(try await stored(bench) == nil)
            await flush(bench)
            #expect(try await stored(bench) == noon)
            for _ in 0..<4 {
                bench.advance(60)
                _ = await bench.ask(Operation.touch)
                await flush(bench)
            }
            #expect(try await stored(bench) == noon, "four minutes are not worth a write")
            bench.advance(60)
            _ = await bench.ask(Operation.touch)
            await flush(bench)
            #expect(try await stored(bench) == noon(300))
        }
    }

    @Test("online ends two minutes after the last sign of life") func online() async throws {
        try await WorkerBench.run { bench async throws in
            let presence = bench.parts.users.presence
            _ = await bench.ask(Operation.touch)
            bench.advance(120)
            #expect(presence.onlineCount(at: bench.now.value) == 1)
            bench.advance(1)
            #expect(presence.onlineCount(at: bench.now.value) == 0)
            await flush(bench)
            #expect(try await stored(bench) == noon, "and is written all the same")
        }
    }

    @Test("who was away for 30 days is not polled until a sign of life; who never gave one is polled for ever")
    func inactive() async throws {
        try await WorkerBench.run { bench async throws in
            bench.simulator.add(.seeding("target"), to: WorkerBench.key)
            try await bench.postRule(action: #"{"type":"add_airlock"}"#)
            let poller = bench.parts.poller
            bench.advance(100 * 86_400)
            #expect(await poller.poll(bench.user, due: bench.now.value) != nil, "never seen")
            _ = await bench.ask(Operation.touch)
            await flush(bench)
            bench.advance(30 * 86_400)
            #expect(await poller.poll(bench.user, due: bench.now.value) != nil, "30 days are not over 30 days")
            bench.advance(1)
            let before = bench.simulator.calls().count
            #expect(await poller.poll(bench.user, due: bench.now.value) == nil)
            #expect(bench.simulator.calls().count == before)
            #expect(bench.parts.users.directory[bench.user]?.pausedReason == "user_inactive")
            bench.parts.silence.review(bench.parts.users.directory.all, isOutage: false)
            #expect(bench.parts.silence.overdueCount == 0)
            await bench.parts.scheduler.forget([bench.user])
            _ = await bench.ask(Operation.touch)
            #expect(await bench.parts.scheduler.due(of: bench.user) == bench.now.value, "due at once")
            #expect(await poller.poll(bench.user, due: bench.now.value) != nil)
            #expect(bench.parts.users.directory[bench.user]?.pausedReason == nil)
        }
    }

    @Test("saving a rule is a sign of life of one who is away, and of nobody else") func revival() async throws {
        try await WorkerBench.run { bench async throws in
            try await bench.postRule(action: #"{"type":"add_airlock"}"#)
            await flush(bench)
            #expect(try await stored(bench) == nil)
            _ = await bench.ask(Operation.touch)
            await flush(bench)
            bench.advance(40 * 86_400)
            try await bench.postRule(action: #"{"type":"remove_airlock"}"#)
            #expect(await bench.parts.poller.poll(bench.user, due: bench.now.value) != nil)
            await flush(bench)
            #expect(try await stored(bench) == bench.now.value)
        }
    }

    @Test("a day more or less, and 0 days for never") func policy() {
        let policy = InactivityPolicy(days: 2)
        #expect(!policy.isInactive(lastSeen: nil, at: noon))
        #expect(!policy.isInactive(lastSeen: noon(-2 * 86_400), at: noon))
        #expect(policy.isInactive(lastSeen: noon(-2 * 86_400 - 1), at: noon))
        #expect(!InactivityPolicy(days: 0).isInactive(lastSeen: Timestamp(milliseconds: 0), at: noon))
    }
}
