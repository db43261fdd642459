import DomainModel
import Foundation
import Synchronization
import Testing
import TorBoxClient
import TorBoxSimulator
import UserStore

@testable import WorkerCore

/// Whom a death amid actions points at: whoever's outcome was worked on, and nobody who only waited for TorBox.
@Suite(.serialized, .timeLimit(.minutes(5))) struct ActingTurnsTests {
    @Test("whatever is written of an action is written in a turn", arguments: actions)
    func between(action: String) async throws {
        try await WorkerBench.run { bench in
            for number in 1...4 { bench.simulator.add(.completed("target \(number)"), to: WorkerBench.key) }
            let rule = try await bench.postRule(action: action)
            guard case .act(let conclusion) = await bench.parts.poller.pipeline.conclude(bench.user) else {
                Issue.record("nothing to do")
                return
            }
            let turns = ObservedTurns(bench, rule)
            turns.written.withLock { $0 = Array(repeating: .planned, count: 4) }
            let result = await bench.parts.poller.pipeline.act(
                on: conclusion, of: bench.user, in: turns, leaving: .kept)
            #expect(result.outcome == .evaluated(nextRuleDue: noon(1_800)))
            #expect(bench.changes.count == 4)
            #expect(turns.written.withLock { $0 } == Array(repeating: .acknowledged, count: 4))
            // Three at a time: what became of them is committed together with what is sent next, and never later.
            let seen = turns.seen.withLock { $0 }
            #expect(seen.contains { states in states.count { $0 == .acknowledged } == 3 && states.contains(.sent) })
            #expect(seen.allSatisfy { states in states.count { $0 == .sent } <= 3 })
            #expect(turns.count.value >= 2 + 4 + 1, "two chunks marked, four answers read, the log written")
        }
    }

    private static let actions = [#"{"type":"delete"}"#, #"{"type":"add_airlock"}"#, #"{"type":"archive"}"#]

    /// Sees that none of the journal's states changes outside of them.
    private final class ObservedTurns: WorkTurns {
        let count = Counter()
        let written = Mutex<[ActionState]>([])
        /// After each turn.
        let seen = Mutex<[[ActionState]]>([])
        private let bench: WorkerBench
        private let rule: Int64

        init(_ bench: WorkerBench, _ rule: Int64) {
            self.bench = bench
            self.rule = rule
        }

        func work<Value>(_ body: () async throws -> Value) async rethrows -> Value {
            count.add()
            let before = try? await bench.states(rule)
            #expect(before == written.withLock { $0 })
            let value = try await body()
            let states = (try? await bench.states(rule)) ?? []
            written.withLock { $0 = states }
            seen.withLock { $0.append(states) }
            return value
        }
    }

    @Test("while a suspect waits for TorBox there is no mark of it, and another suspect is polled") func suspects()
        async throws
    {
        try await WorkerBench.run { bench in
            let other = try await bench.register("bench-key-other")
            bench.simulator.add(.completed("target"), to: WorkerBench.key)
            for user in [bench.user, other] { try await bench.postRule(action: #"{"type":"delete"}"#, as: user) }
            let (book, parts) = (bench.parts.userGuard.book, bench.parts)
            _ = await book.blame([bench.user: .poll, other: .poll], for: "a death")
            let asked = Counter()
            let place = PollPlace {
                asked.add()
                #expect(bench.marks.isEmpty)
                _ = await parts.poller.poll(other, due: bench.now.value)
                #expect(book.record(of: other) == nil, "polled, and cleared by that")
                #expect(book.record(of: bench.user) != nil, "not before its own has ended")
            }
            _ = await parts.poller.poll(bench.user, due: bench.now.value, leaving: place)
            #expect(asked.value == 1)
            #expect(bench.changes.count == 1)
            #expect(book.record(of: bench.user) == nil)
        }
    }

    @Test("a suspect that comes back from waiting has the lane before its outcome is looked at") func lane()
        async throws
    {
        try await WorkerBench.run { bench in
            let userGuard = bench.parts.userGuard
            let (trail, lane, worked) = (userGuard.trail, userGuard.lane, Counter())
            let turns = UserTurns(user: bench.user, trail: trail, lane: lane)
            #expect(lane.tryEnterForPoll(.sample(2)))
            async let turn: Void = turns.work {
                worked.add()
                #expect(!lane.tryEnterForPoll(.sample(3)))
                #expect(bench.marks == [bench.user])
            }
            #expect(await eventually { lane.hasWaiting })
            #expect(worked.value == 0)
            lane.leave()
            await turn
            #expect(worked.value == 1)
            #expect(bench.marks.isEmpty)
            #expect(lane.tryEnterForPoll(.sample(3)), "it has left the lane")
        }
    }

    @Test("whoever is not suspected waits for nobody, and is marked all the same") func free() async throws {
        try await WorkerBench.run { bench in
            let userGuard = bench.parts.userGuard
            #expect(userGuard.lane.tryEnterForPoll(.sample(2)))
            let turns = UserTurns(user: bench.user, trail: userGuard.trail, lane: nil)
            await turns.work { #expect(bench.marks == [bench.user]) }
            #expect(bench.marks.isEmpty)
        }
    }
}

extension WorkerBench {
    /// Users whose work would be blamed if the process died now.
    fileprivate var marks: Set<UserID> {
        let directory = BreadcrumbDirectory(runtimeDirectory: parts.configuration.runtimeDirectory)
        let files = (try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? []
        let remains = files.compactMap { name in
            FileManager.default.contents(atPath: "\(directory.path)/\(name)").flatMap {
                BreadcrumbFormat.read([UInt8]($0), boot: BreadcrumbDirectory.bootID)
            }
        }
        return Set(remains.flatMap(\.users.keys))
    }
}
