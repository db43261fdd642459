import DomainModel
import Foundation
import Registry
import Testing
import TorBoxSimulator
import UserStore
import WireProtocol

@testable import WorkerCore

/// Deaths and damage in a whole worker.
@Suite(.serialized, .timeLimit(.minutes(2))) struct UserGuardTests {
    /// A process died while it worked for these users, and this worker owns them now.
    private func die(_ bench: WorkerBench, _ name: String, over users: [UserID: UnfinishedWork]) async throws {
        let directory = BreadcrumbDirectory(runtimeDirectory: bench.parts.configuration.runtimeDirectory)
        var bytes = BreadcrumbFormat.empty(lines: users.count, boot: BreadcrumbDirectory.bootID)
        for (number, user) in users.keys.sorted().enumerated() {
            let line = Array(Self.line(user, users[user] ?? .poll).utf8)
            let start = (number + 1) * BreadcrumbFormat.lineLength
            bytes.replaceSubrange(start..<(start + line.count), with: line)
        }
        try Data(bytes).write(to: URL(fileURLWithPath: "\(directory.path)/\(name).crumbs"))
        await bench.parts.postMortem.hold(over: Set(Slot.all)) { bench.parts.users.directory[$0] != nil }
        #expect(!FileManager.default.fileExists(atPath: "\(directory.path)/\(name).crumbs"))
    }

    private static func line(_ user: UserID, _ work: UnfinishedWork) -> String {
        work.operations.first.map { "r \(user.hex) \($0)" } ?? "p \(user.hex)"
    }

    @Test("a death over a request is disproved by an answer to the same, and by nothing else") func disprovedByAnswer()
        async throws
    {
        try await WorkerBench.run { bench in
            try await bench.postRule(action: #"{"type":"delete"}"#)
            try await die(bench, "first", over: [bench.user: .request(Operation.listRules)])
            _ = await bench.parts.poller.poll(bench.user, due: bench.now.value)
            #expect(await bench.ask(Operation.listTags).status == 200)
            #expect(bench.parts.userGuard.book.record(of: bench.user) != nil)
            #expect(await bench.ask(Operation.listRules).status == 200)
            #expect(bench.parts.userGuard.book.record(of: bench.user) == nil)
        }
    }

    @Test("two deaths at the same user: 503 with the reason, no poll, and the registry remembers; others go on")
    func twoDeaths() async throws {
        try await WorkerBench.run { bench in
            let other = try await bench.register("bench-key-other")
            try await bench.postRule(action: #"{"type":"delete"}"#)
            try await die(
                bench, "first", over: [bench.user: .poll, other: .request(Operation.listTags), .sample(3): .poll])
            #expect(await bench.ask(Operation.listRules).status == 200)
            try await die(bench, "second", over: [bench.user: .poll])

            let refused = await bench.ask(Operation.listRules)
            #expect(refused.status == 503)
            #expect(refused["code"]?.stringValue == "USER_QUARANTINED")
            #expect(refused["detail"]?.stringValue?.contains("2 times") == true)
            #expect(refused.retryAfter == 60)
            #expect(await bench.ask(Operation.listRules, as: other).status == 200)
            let calls = bench.simulator.calls().count
            #expect(await bench.parts.poller.poll(bench.user, due: bench.now.value) == bench.now.value + .seconds(60))
            #expect(bench.simulator.calls().count == calls)
            let kept = try await bench.parts.registry.quarantines(in: Slot(0)...Slot(255))
            #expect(Set(kept.map(\.user)) == [bench.user, other])
            #expect(kept.first { $0.user == other }?.until == nil)
            #expect(bench.parts.userGuard.book.quarantined.map(\.user) == [bench.user])
        }
    }

    @Test("after the pause a completed poll lifts the quarantine, and a failed one does not") func lifted() async throws
    {
        try await WorkerBench.run { bench in
            try await bench.postRule(action: #"{"type":"delete"}"#)
            for name in ["first", "second"] { try await die(bench, name, over: [bench.user: .poll]) }
            bench.advance(61)
            bench.simulator.inject(SimulatedFault(.nullData, endpoints: [.torrentList]))
            _ = await bench.parts.poller.poll(bench.user, due: bench.now.value)
            #expect(bench.parts.userGuard.book.isQuarantined(bench.user))
            #expect(await bench.ask(Operation.listRules).status == 200, "on probation")
            _ = await bench.parts.poller.poll(bench.user, due: bench.now.value)
            #expect(!bench.parts.userGuard.book.isQuarantined(bench.user))
            #expect(try await bench.parts.registry.quarantines(in: Slot(0)...Slot(255)).isEmpty)
        }
    }

    @Test("a new owner of the slot knows the quarantine") func handedOver() async throws {
        try await WorkerBench.run { bench in
            for name in ["first", "second"] {
                try await die(bench, name, over: [bench.user: .request(Operation.listRules)])
            }
            bench.parts.userGuard.book.forget(Set(Slot.all))
            #expect(await bench.ask(Operation.listRules).status == 200)
            try await bench.parts.userGuard.book.load(Slot(0)...Slot(255))
            #expect(await bench.ask(Operation.listRules).status == 503)
        }
    }

    @Test("suspects are polled one at a time, and whoever is not suspected does not wait for them") func serially()
        async throws
    {
        try await WorkerBench.run { bench in
            let other = try await bench.register("bench-key-other")
            try await bench.postRule(action: #"{"type":"delete"}"#)
            try await die(bench, "first", over: [bench.user: .poll, other: .poll])
            let userGuard = bench.parts.userGuard
            let result = PollPipeline.Result(outcome: .evaluated(nextRuleDue: nil))
            func poll(_ user: UserID, _ work: () async -> Void = {}) async -> UserGuard.Poll {
                await userGuard.poll(
                    user,
                    conclude: {
                        await work()
                        return .over(result)
                    }, act: { conclusion, _ in conclusion.result })
            }
            let outcome = await poll(bench.user) {
                if case .put(let later) = await poll(other) {
                    #expect(later == bench.now.value + UserGuard.pollPause)
                } else {
                    Issue.record("two suspects at once")
                }
                if case .made = await poll(.sample(3)) {} else { Issue.record("had to wait") }
            }
            if case .put = outcome { Issue.record("the first suspect was not polled") }
            if case .put = await poll(other) { Issue.record("the lane is not free again") }
        }
    }

    @Test("a damaged file is kept as it is and counted once; a good one put there heals the user without a restart")
    func damage() async throws {
        try await WorkerBench.run { bench in
            try await bench.postRule(action: #"{"type":"delete"}"#)
            let path = bench.parts.pool.path(of: bench.user)
            try await bench.parts.pool.close(bench.user)
            let good = try Data(contentsOf: URL(fileURLWithPath: path))
            let garbage = Data(repeating: 0x5A, count: 20_000)
            try replace(path, with: garbage)
            for _ in 0..<3 {
                let refused = await bench.ask(Operation.listRules)
                #expect(refused.status == 503)
                #expect(refused["code"]?.stringValue == "SQLITE_NOTADB")
            }
            #expect(bench.parts.userGuard.book.record(of: bench.user)?.incidents == 1)
            #expect(bench.parts.userGuard.book.isQuarantined(bench.user))
            #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == garbage)

            try replace(path, with: good)
            #expect(await bench.ask(Operation.listRules)["rules"]?.arrayValue?.count == 1)
            #expect(!bench.parts.userGuard.book.isQuarantined(bench.user))
        }
    }

    @Test("a damaged file that is gone is waited for and not made anew; the pause over, a bad one is looked at again")
    func missing() async throws {
        try await WorkerBench.run { bench in
            let path = bench.parts.pool.path(of: bench.user)
            try await bench.parts.pool.close(bench.user)
            try replace(path, with: Data(repeating: 0x5A, count: 20_000))
            #expect(await bench.ask(Operation.listRules).status == 503)
            bench.advance(61)
            #expect(await bench.parts.userGuard.review() == [])
            #expect(bench.parts.userGuard.book.record(of: bench.user)?.incidents == 2)
            try FileManager.default.removeItem(atPath: path)
            bench.advance(1_000)
            #expect(await bench.ask(Operation.listRules).status == 503)
            #expect(!FileManager.default.fileExists(atPath: path))
            try replace(path, with: Data())
            #expect(await bench.parts.userGuard.review() == [bench.user])
            #expect(await bench.ask(Operation.listRules).status == 200)
        }
    }

    @Test("a quarantined user's rules are overdue because of that") func silence() async throws {
        try await WorkerBench.run { bench in
            try await bench.postRule(action: #"{"type":"delete"}"#)
            for name in ["first", "second"] { try await die(bench, name, over: [bench.user: .poll]) }
            bench.advance(4 * 3_600)
            bench.parts.silence.review(
                bench.parts.users.directory.all, isOutage: false,
                isQuarantined: bench.parts.userGuard.book.isQuarantined)
            #expect(bench.parts.silence.reason(of: bench.user) == .quarantine)
        }
    }

    /// Another file, an hour old, without what SQLite left beside the one before.
    private func replace(_ path: String, with content: Data) throws {
        for suffix in ["", "-wal", "-shm"] where FileManager.default.fileExists(atPath: path + suffix) {
            try FileManager.default.removeItem(atPath: path + suffix)
        }
        try content.write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSinceNow: -3_600)], ofItemAtPath: path)
    }
}
