import DomainModel
import Testing

@testable import RuleEngine

@Suite struct ActionPlannerTests {
    // MARK: Order and conflicts

    @Test("rules go by id, those that destroy last") func order() throws {
        let matches = [
            try match(4, "delete", [0]), try match(3, "add_airlock", [0]), try match(2, "stop_seeding", [1]),
            try match(5, "force_start", [2]),
        ]
        let runs = plan(matches, of: 10)
        #expect(runs.map(\.rule) == [RuleID(3), RuleID(5), RuleID(2), RuleID(4)])
        #expect(plan(matches.reversed(), of: 10) == runs)
    }

    @Test("an item suffers one destructive action a poll, by the rule with the lowest id") func conflict() throws {
        let runs = plan(
            [
                try match(1, "stop_seeding", [0, 1]), try match(2, "archive", [1, 2]),
                try match(3, "delete", [0, 2, 3]),
            ],
            of: 10)
        #expect(runs.map(\.items) == [[0, 1], [2], [3]])
        #expect(runs.map { $0.skipped.map(\.item) } == [[], [1], [0, 2]])
        #expect(runs.flatMap(\.skipped).allSatisfy { $0.reason == .conflict })
    }

    @Test("what does not destroy is done to an item that is also destroyed") func harmless() throws {
        let runs = plan([try match(1, "delete", [0]), try match(2, "add_airlock", [0])], of: 10)
        #expect(runs.map(\.items) == [[0], [0]])
        #expect(runs.map(\.action) == [.addAirlock, .delete])
    }

    @Test("a rule without matches, and one whose action is not understood, are left out") func nothingToDo() throws {
        #expect(plan([try match(1, "delete", []), try match(2, "explode", [0])], of: 10).isEmpty)
    }

    @Test("a batch that is parked leaves its items to the rules after it") func parkedIsNoConflict() throws {
        let runs = plan(
            [try match(1, "delete", Array(0..<11)), try match(2, "archive", [3])], of: 11)
        #expect(runs.map(\.hold?.limit) == [10, nil])
        #expect(runs.last?.items == [3])
    }

    // MARK: Protection and airlock

    @Test(
        "protection bars what destroys and nothing else",
        arguments: [
            ("delete", true), ("archive", true), ("stop_seeding", true), ("force_start", false), ("add_airlock", false),
            ("remove_airlock", false),
        ])
    func protection(action: String, isBarred: Bool) throws {
        let runs = plan(
            [try match(1, action, [0, 1])], of: 3, constraints: .init(protected: [ItemKey(asset: .torrent, id: 1)]))
        #expect(runs.map(\.items) == [isBarred ? [0] : [0, 1]])
        #expect(runs.first?.skipped == (isBarred ? [.init(item: 1, reason: .protected)] : []))
    }

    @Test("protection is by kind, queue and number") func protectionByKey() throws {
        let runs = plan(
            [try match(1, "delete", [0, 1])], of: 3,
            constraints: .init(protected: [
                ItemKey(asset: .usenet, id: 0), ItemKey(asset: .torrent, isQueued: true, id: 1),
            ]))
        #expect(runs.map(\.items) == [[0, 1]])
    }

    @Test(
        "an airlocked download is not removed",
        arguments: [("delete", true), ("archive", true), ("stop_seeding", false), ("remove_airlock", false)])
    func airlock(action: String, isBarred: Bool) throws {
        var items = library(3)
        items[0].isAirlocked = true
        let runs = ActionPlanner.plan([try match(1, action, [0])], items: items, constraints: .init())
        #expect(runs.map(\.items) == [isBarred ? [] : [0]])
        #expect(runs.first?.skipped.map(\.reason) == (isBarred ? [.airlocked] : []))
    }

    // MARK: Awaiting effect

    @Test("what was asked and has shown no effect is not asked again") func awaiting() throws {
        let runs = plan(
            [try match(1, "stop_seeding", [0, 1]), try match(2, "add_airlock", [0])], of: 3,
            constraints: .init(awaitingEffect: [ItemKey(asset: .torrent, id: 0): ["stop_seeding"]]))
        #expect(runs.map(\.items) == [[0], [1]])
        #expect(runs.last?.skipped == [.init(item: 0, reason: .awaitingEffect)])
    }

    @Test(
        "a download whose removal is under way is not removed or stopped under another name",
        arguments: ["delete", "archive"], ["delete", "archive", "stop_seeding"])
    func awaitingRemoval(open: String, asked: String) throws {
        let runs = plan(
            [try match(1, asked, [0])], of: 3,
            constraints: .init(awaitingEffect: [ItemKey(asset: .torrent, id: 0): [open]]))
        #expect(runs.map(\.items) == [[]])
        #expect(runs.first?.skipped.map(\.reason) == [.awaitingEffect])
    }

    @Test("a torrent that was told to stop may still be deleted") func stopThenDelete() throws {
        let runs = plan(
            [try match(1, "delete", [0])], of: 3,
            constraints: .init(awaitingEffect: [ItemKey(asset: .torrent, id: 0): ["stop_seeding"]]))
        #expect(runs.map(\.items) == [[0]])
    }

    // MARK: Blast radius

    @Test(
        "one run may destroy 10 items or a fifth of the library, whichever is more",
        arguments: [(0, 10), (10, 10), (50, 10), (54, 10), (55, 11), (100, 20), (1_000, 200), (99_999, 19_999)])
    func limit(library: Int, limit: Int) {
        #expect(ActionPlanner.destructionLimit(librarySize: library) == limit)
    }

    @Test("at the limit the batch runs, above it none of it", arguments: [(20, false), (21, true)])
    func blastRadius(matches: Int, isParked: Bool) throws {
        let runs = plan([try match(1, "delete", Array(0..<matches))], of: 100)
        #expect(runs.first?.hold == (isParked ? .init(reason: .limit, limit: 20) : nil))
        #expect(runs.first?.items.count == (isParked ? 0 : matches))
        #expect(runs.first?.held.count == (isParked ? matches : 0))
    }

    @Test("what is skipped does not count towards the limit") func skippedDoesNotCount() throws {
        let runs = plan(
            [try match(1, "delete", Array(0..<21))], of: 100,
            constraints: .init(protected: [ItemKey(asset: .torrent, id: 4)]))
        #expect(runs.first?.hold?.limit == nil)
        #expect(runs.first?.items.count == 20)
    }

    @Test("what harms nothing has no limit") func noLimit() throws {
        let runs = plan([try match(1, "add_airlock", Array(0..<100))], of: 100)
        #expect(runs.first?.hold?.limit == nil)
    }

    @Test("a rule's own limit replaces the general one, up and down", arguments: [(1, 2), (100, 100)])
    func ownLimit(maxItems: Int, matches: Int) throws {
        let runs = plan([try match(1, "delete", Array(0..<matches), maxItems: "\(maxItems)")], of: 100)
        #expect(runs.first?.hold?.limit == (matches > maxItems ? maxItems : nil))
    }

    @Test("what a rule has parked stays parked, and counts with what it matches anew", arguments: [(10, 9), (0, 10)])
    func staysParked(parked: Int, limit: Int) throws {
        let keys = Set((0..<Int64(parked)).map { ItemKey(asset: .torrent, id: $0) })
        let runs = plan(
            [try match(1, "delete", Array(0...parked), maxItems: "\(limit)")], of: 100,
            constraints: .init(parked: [RuleID(1): keys]))
        #expect(runs.first?.items == (parked > 0 ? [] : [parked]))
        #expect(runs.first?.held == (parked > 0 ? [parked] : []))
        #expect(runs.first?.skipped.map(\.reason) == Array(repeating: .parked, count: parked))
        #expect(runs.first?.hold?.limit == (parked > 0 ? limit : nil))
    }

    @Test("what one rule has parked does not bar another") func parkedByAnother() throws {
        let runs = plan(
            [try match(2, "delete", [0])], of: 100,
            constraints: .init(parked: [RuleID(1): [ItemKey(asset: .torrent, id: 0)]]))
        #expect(runs.map(\.items) == [[0]])
    }

    @Test("each rule has its own limit") func perRule() throws {
        let runs = plan([try match(1, "delete", Array(0..<10)), try match(2, "delete", Array(10..<20))], of: 30)
        #expect(runs.map(\.hold?.limit) == [nil, nil])
        #expect(runs.map(\.items.count) == [10, 10])
    }

    // MARK: Approval and the breaker

    @Test("what a person approved runs whatever the limit, and what came since is judged alone")
    func approved() throws {
        let keys = Set((0..<Int64(30)).map { ItemKey(asset: .torrent, id: $0) })
        let runs = plan(
            [try match(1, "delete", Array(0..<35))], of: 100, constraints: .init(approved: [RuleID(1): keys]))
        #expect(runs.first?.items.count == 35)
        let more = plan(
            [try match(1, "delete", Array(0..<60))], of: 100, constraints: .init(approved: [RuleID(1): keys]))
        #expect(more.first?.items == Array(0..<30))
        #expect(more.first?.held == Array(30..<60))
        #expect(more.first?.hold == .init(reason: .limit, limit: 20))
    }

    @Test("approval lifts neither protection nor the airlock, and is not another rule's") func approvedStillChecked()
        throws
    {
        let key = ItemKey(asset: .torrent, id: 0)
        var constraints = ActionPlanner.Constraints(protected: [key], approved: [RuleID(1): [key]])
        #expect(plan([try match(1, "delete", [0])], of: 1, constraints: constraints).first?.items == [])
        constraints.protected = []
        constraints.isBreakerOpen = true
        let runs = plan([try match(1, "delete", [0]), try match(2, "archive", [0])], of: 1, constraints: constraints)
        #expect(runs.map(\.items) == [[0], []])
        #expect(runs.last?.skipped.map(\.reason) == [.conflict])
    }

    @Test("an open breaker holds what destroys, however little, and nothing else") func breaker() throws {
        let runs = plan(
            [try match(1, "delete", [0]), try match(2, "add_airlock", [1])], of: 100,
            constraints: .init(isBreakerOpen: true))
        #expect(runs.map(\.items) == [[1], []])
        #expect(runs.last?.held == [0])
        #expect(runs.last?.hold == .init(reason: .breaker, limit: 20))
    }

    // MARK: Tools

    private func match(
        _ id: Int64, _ action: String, _ targets: [Int], maxItems: String? = nil
    ) throws -> ActionPlanner.Match {
        let limit = maxItems.map { ",\"maxItems\":\($0)" } ?? ""
        let posted = try posted(conditions: "", action: "{\"type\":\"\(action)\"\(limit)}")
        var stored = StoredRule.fixture(posted)
        stored.id = RuleID(id)
        return .init(program: RuleProgram(stored), outcome: RuleOutcome(selected: targets, targets: targets))
    }

    private func library(_ count: Int) -> [DownloadItem] { (0..<count).map { .fixture(id: Int64($0)) } }

    private func plan(
        _ matches: [ActionPlanner.Match], of count: Int, constraints: ActionPlanner.Constraints = .init()
    ) -> [ActionPlanner.Run] {
        ActionPlanner.plan(matches, items: library(count), constraints: constraints)
    }
}
