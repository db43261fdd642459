import DomainModel
import Registry
import Testing

@testable import WorkerCore

@Suite struct QuarantinePolicyTests {
    private let policy = QuarantinePolicy()
    private let user = UserID.sample(7)

    /// So many deaths in a row, the first at noon, each just after the pause of the one before.
    private func deaths(_ count: Int, during work: UnfinishedWork = .poll) throws -> QuarantineRecord {
        var record: QuarantineRecord?
        for number in 1...count {
            let moment = record?.until ?? noon
            record = policy.afterDeath("death \(number)", during: work, of: user, on: record, at: moment)
        }
        return try #require(record)
    }

    @Test("one death makes a suspect, who is worked for") func suspicion() throws {
        let record = try deaths(1)
        #expect(record.until == nil)
        #expect(policy.standing(record, at: noon) == .suspect)
        #expect(policy.standing(nil, at: noon) == .free)
    }

    @Test(
        "from the second death on the user is quarantined, for pauses that double up to six hours",
        arguments: [(2, 60), (3, 120), (4, 240), (9, 7_680), (11, 21_600), (40, 21_600)])
    func pauses(count: Int, seconds: Int64) throws {
        let record = try deaths(count)
        let until = try #require(record.until)
        #expect(until == record.lastIncident.advanced(bySeconds: seconds))
        #expect(policy.standing(record, at: until.advanced(byMilliseconds: -1)) == .barred(record))
        #expect(policy.standing(record, at: until) == .suspect)
    }

    @Test("the same death is counted once") func sameDeath() throws {
        let record = try deaths(1)
        #expect(policy.afterDeath("death 1", during: .poll, of: user, on: record, at: noon(5)) == nil)
    }

    @Test("a completed poll disproves deaths in polls once the pause is over, but not deaths over a request")
    func disproof() throws {
        #expect(policy.isDisproved(byPollAt: noon, try deaths(1)))
        let quarantined = try deaths(2)
        #expect(!policy.isDisproved(byPollAt: noon(59), quarantined))
        #expect(policy.isDisproved(byPollAt: noon(60), quarantined))
        #expect(!policy.isDisproved(byPollAt: noon(60), try deaths(2, during: .request("rules.list"))))
    }

    @Test("deaths over requests are disproved by answers to all the operations that were under way, after the pause")
    func answers() throws {
        let work = UnfinishedWork(isPoll: true, operations: ["rules.list", "rules.replace"])
        let record = try deaths(2, during: work)
        #expect(record.cause == .request)
        #expect(policy.afterAnswer(to: "rules.list", record, at: noon(59)) == record)
        let rest = try #require(policy.afterAnswer(to: "rules.list", record, at: noon(60)))
        #expect(rest.operations == ["rules.replace"])
        #expect(policy.afterAnswer(to: "rules.list", rest, at: noon(60)) == rest)
        #expect(policy.afterAnswer(to: "rules.replace", rest, at: noon(60)) == nil)
        let polled = try deaths(1)
        #expect(policy.afterAnswer(to: "rules.list", polled, at: noon) == polled)
    }

    @Test("an hour without an incident forgets deaths, and never damage") func lapse() throws {
        let suspect = try deaths(1, during: .request("rules.list"))
        #expect(policy.standing(suspect, at: noon(3_599)) == .suspect)
        #expect(policy.standing(suspect, at: noon(3_600)) == .free)
        let quarantined = try deaths(2)
        #expect(policy.standing(quarantined, at: noon(60 + 3_600)) == .free)
        #expect(policy.afterDeath("late", during: .poll, of: user, on: quarantined, at: noon(4_000))?.incidents == 1)
        let damaged = policy.afterDamage("x", of: user, on: nil, at: noon)
        #expect(policy.standing(damaged, at: noon(1_000_000)) == .unexamined(damaged))
    }

    @Test("damage quarantines at once, and each look that finds it again doubles the pause") func damage() {
        let first = policy.afterDamage("a", of: user, on: nil, at: noon)
        #expect(first.until == noon(60))
        #expect(policy.standing(first, at: noon(59)) == .barred(first))
        let second = policy.afterDamage("b", of: user, on: first, at: noon(60))
        #expect(second.until == noon(180))
        #expect(second.incidents == 2)
    }
}
