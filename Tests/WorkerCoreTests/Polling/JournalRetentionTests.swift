import DomainModel
import Testing
import UserStore

@testable import WorkerCore

@Suite(.timeLimit(.minutes(2))) struct JournalRetentionTests {
    @Test("old entries go at the first poll of a day") func due() {
        let day = JournalRetention.dayMilliseconds
        let midnight = Timestamp(milliseconds: 20_000 * day)
        #expect(JournalRetention.isDue(lastPoll: nil, now: midnight))
        #expect(JournalRetention.isDue(lastPoll: midnight.advanced(byMilliseconds: -1), now: midnight))
        #expect(!JournalRetention.isDue(lastPoll: midnight, now: midnight.advanced(byMilliseconds: day - 1)))
    }

    @Test("finished actions of more than ninety days are deleted by a poll, open and newer ones stay") func prunes()
        async throws
    {
        try await WorkerBench.run { bench in
            let rule = try await bench.postRule(action: #"{"type":"stop_seeding"}"#)
            let day = JournalRetention.dayMilliseconds
            try await bench.parts.users.write(bench.user) { db in
                for (age, state) in [(91, ActionState.failed), (91, .parked), (89, .failed)] {
                    let new = NewAction(
                        rule: RuleID(rule), ruleName: "old", revision: 1, item: .torrent(Int64(age)), hash: nil,
                        itemName: nil, action: "delete", parameters: nil, evidence: nil, state: state, detail: "kept")
                    _ = try ActionRepository.insert(
                        db, [new], at: noon.advanced(byMilliseconds: -Int64(age) * day))
                }
            }
            await bench.poll()
            let left = try await bench.actions(rule).map(\.item)
            #expect(Set(left) == [.torrent(89), .torrent(91)])
            #expect(left.count == 2)
        }
    }
}
