import DomainModel
import RuleEngine
import Testing

@Suite struct EvaluatorTests {
    private let items: [DownloadItem] = [
        .fixture(id: 1) { ($0.seeds, $0.isAirlocked) = (1, true) }, .fixture(id: 2) { $0.seeds = 5 }, .fixture(id: 3),
        .fixture(id: 4, asset: .usenet) { $0.seeds = 1 },
    ]

    private func outcome(_ change: (inout StoredRule) -> Void = { _ in }) throws -> RuleOutcome {
        var stored = StoredRule.fixture(try posted(conditions: number("SEEDS", "lt", "3")))
        change(&stored)
        return RuleEvaluator.evaluate(RuleProgram(stored), items: items, context: .fixture())
    }

    @Test("items are selected, unknown or neither, and other asset types are not looked at")
    func outcome() throws {
        #expect(try outcome() == RuleOutcome(selected: [0], targets: [0], unknown: [2]))
    }

    @Test("items for which the action would change nothing are selected but no targets")
    func targets() throws {
        let outcome = try outcome { $0.action = .object(["type": .string("add_airlock")]) }
        #expect(outcome == RuleOutcome(selected: [0], targets: [], unknown: [2]))
    }

    @Test("a disabled rule, an unknown action and an asset type that does not fit select nothing")
    func inert() throws {
        #expect(try outcome { $0.isEnabled = false } == RuleOutcome())
        #expect(try outcome { $0.action = .object(["type": .string("pause")]) } == RuleOutcome())
        #expect(try outcome { $0.assetTypes = .array([.string("torrent"), .string("usenet")]) } == RuleOutcome())
        #expect(try outcome { $0.assetTypes = .array([.string("floppy")]) } == RuleOutcome())
    }

    @Test("each action keeps what it can change")
    func preconditions() {
        let seeding = DownloadItem.fixture { ($0.isActive, $0.isFinished, $0.isPresent) = (true, true, true) }
        let queued = DownloadItem.fixture(isQueued: true)
        let airlocked = DownloadItem.fixture { $0.isAirlocked = true }
        func keeps(_ action: RuleAction, _ item: DownloadItem, _ tags: Set<Int64> = []) -> Bool {
            ActionPrecondition.keeps(action, item, tags: tags)
        }
        #expect(keeps(.stopSeeding, seeding) && !keeps(.stopSeeding, queued))
        #expect(keeps(.forceStart, queued) && !keeps(.forceStart, seeding))
        #expect(keeps(.addTag([1, 2]), seeding, [1]) && !keeps(.addTag([1, 2]), seeding, [1, 2, 3]))
        #expect(keeps(.removeTag([1, 2]), seeding, [2]) && !keeps(.removeTag([1, 2]), seeding, [3]))
        #expect(keeps(.addAirlock, seeding) && !keeps(.addAirlock, airlocked))
        #expect(keeps(.removeAirlock, airlocked) && !keeps(.removeAirlock, seeding))
        #expect(keeps(.archive, queued) && keeps(.delete, airlocked))
    }

    @Test("actions that take something away are told apart")
    func destructive() {
        let all: [RuleAction] = [
            .stopSeeding, .archive, .delete, .forceStart, .addTag([1]), .removeTag([1]), .addAirlock, .removeAirlock,
        ]
        #expect(all.filter(\.isDestructive) == [.stopSeeding, .archive, .delete])
        #expect(all.filter(\.removesItem) == [.archive, .delete])
        #expect(Set(all.map(\.name)).count == all.count)
    }
}
