import Testing

@testable import TorBoxSimulator

@Suite struct FaultPlanTests {
    private let alice = AccountIdentity(key: "alice")
    private let bob = AccountIdentity(key: "bob")

    private func strikes(_ plan: inout FaultPlan, _ count: Int, now: Int = 0) -> Int {
        (0..<count).reduce(0) { sum, _ in
            sum + plan.strikes(account: alice, endpoint: .torrentList, now: now).count
        }
    }

    @Test("a fault strikes as often as it was told, after the calls it skips") func times() {
        var plan = FaultPlan(seed: 1)
        _ = plan.add(SimulatedFault(.badToken, times: 2, skipping: 3), now: 0)
        #expect(strikes(&plan, 3) == 0)
        #expect(strikes(&plan, 10) == 2)
        #expect(plan.entries.isEmpty)
        _ = plan.add(SimulatedFault(.badToken, times: 0), now: 0)
        #expect(strikes(&plan, 5) == 0)
    }

    @Test("a fault keeps to its account and its endpoints") func scope() {
        var plan = FaultPlan(seed: 1)
        _ = plan.add(SimulatedFault(.badToken, account: "bob", endpoints: [.user], times: nil), now: 0)
        #expect(plan.strikes(account: alice, endpoint: .user, now: 0).isEmpty)
        #expect(plan.strikes(account: nil, endpoint: .user, now: 0).isEmpty)
        #expect(plan.strikes(account: bob, endpoint: .torrentList, now: 0).isEmpty)
        #expect(plan.strikes(account: bob, endpoint: nil, now: 0).isEmpty)
        #expect(plan.strikes(account: bob, endpoint: .user, now: 0) == [.badToken])
    }

    @Test("a fault for a time ends with it") func duration() {
        var plan = FaultPlan(seed: 1)
        _ = plan.add(SimulatedFault(.badToken, times: nil, lastsMilliseconds: 500), now: 1_000)
        #expect(strikes(&plan, 4, now: 1_499) == 4)
        #expect(strikes(&plan, 4, now: 1_500) == 0)
    }

    @Test("chance strikes about as often as it should, and the same calls for the same seed") func probability() {
        func pattern(seed: UInt64) -> [Bool] {
            var plan = FaultPlan(seed: seed)
            _ = plan.add(SimulatedFault(.badToken, times: nil, probability: 0.25), now: 0)
            return (0..<2_000).map { _ in !plan.strikes(account: nil, endpoint: .user, now: 0).isEmpty }
        }
        let hits = pattern(seed: 4).filter(\.self).count
        #expect((400...600).contains(hits))
        #expect(pattern(seed: 4) == pattern(seed: 4))
        #expect(pattern(seed: 4) != pattern(seed: 5))
    }

    @Test("one fault can be removed by its number") func remove() {
        var plan = FaultPlan(seed: 1)
        let first = plan.add(SimulatedFault(.badToken, times: nil), now: 0)
        _ = plan.add(SimulatedFault(.emptyList, times: nil), now: 0)
        plan.remove(first)
        #expect(plan.strikes(account: nil, endpoint: .user, now: 0) == [.emptyList])
        plan.remove(nil)
        #expect(plan.entries.isEmpty)
    }
}
