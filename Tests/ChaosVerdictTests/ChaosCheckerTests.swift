import ServiceHarness
import Testing
import TorBoxSimulator

@testable import ChaosVerdict

/// The checker must be seen to fail: each test breaks one promise.
@Suite struct ChaosCheckerTests {
    private var story = Evidence()

    @Test("a story without fault has no violation, and everything in it is counted as verified")
    func sound() {
        #expect(story.found == [])
        let tally = ChaosTally()
        ChaosChecker(story.evidence).count(into: tally)
        #expect(tally.count(of: "verified", in: .actions) == 3)
        #expect(tally.count(of: "guarded rows", in: .verified) == 1)
        #expect(tally.count(of: "tags", in: .verified) == 1)
        #expect(tally.count(of: "users polled again", in: .verified) == 1)
    }

    // MARK: Writes

    @Test("an acknowledged tag that is gone is a lost write") mutating func lostTag() {
        story.user.shown?.tags = []
        #expect(story.found == [.lostWrite])
    }

    @Test("an acknowledged mapping that is gone is a lost write") mutating func lostMapping() {
        story.user.shown?.mappings = []
        #expect(story.found == [.lostWrite])
    }

    @Test("an acknowledged archived row that is gone is a lost write") mutating func lostArchived() {
        story.user.shown?.archived = []
        #expect(story.found == [.lostWrite])
    }

    @Test("an acknowledged protection that is gone is a lost write") mutating func lostProtection() {
        story.user.shown?.protected = []
        #expect(story.found == [.lostWrite])
    }

    @Test("rules of an older version than the acknowledged one are a lost write") mutating func oldRules() {
        let write = story.user.record.begin(.init(version: 2, isToggleOn: true), at: 3_000)
        story.user.record.acknowledge(write, at: 3_100)
        #expect(story.found == [.lostWrite])
    }

    @Test("a rule that is on although switching it off was acknowledged is a lost write") mutating func toggled() {
        let write = story.user.record.begin(.init(version: 1, isToggleOn: false), at: 3_000)
        story.user.record.acknowledge(write, at: 3_100)
        #expect(story.found == [.lostWrite])
    }

    @Test("no rules at all are a lost write") mutating func noRules() {
        story.user.shown?.rulesVersion = nil
        #expect(story.found == [.lostWrite])
    }

    @Test("a write without an answer may be there or not") mutating func unknownFate() {
        _ = story.user.record.begin(.init(version: 2, isToggleOn: true), at: 3_000)
        #expect(story.found == [])
        story.user.shown?.rulesVersion = 2
        #expect(story.found == [])
        story.user.shown?.rulesVersion = 3
        #expect(story.found == [.lostWrite])
    }

    @Test("a user who cannot be read is named") mutating func unreadable() {
        story.user.shown = nil
        #expect(story.found == [.unreadable])
    }

    // MARK: Rows

    @Test("an untouchable row that is gone is named", arguments: [RowKind.shielded, .airlocked, .guarded, .kept])
    mutating func lostRow(kind: RowKind) {
        story.user.left[Evidence.row(kind)] = nil
        #expect(story.found == [.lostRow])
    }

    @Test("a row that only was to be stopped, and is gone, is named") mutating func stoppedRow() {
        story.user.left[Evidence.row(.stopped)] = nil
        #expect(story.found == [.lostRow])
    }

    @Test("a row that an enabled rule fits and nobody ever acted on is left undone") mutating func undone() {
        story.user.planted[99] = .doomed
        story.user.left[99] = .seeding("doomed.9", ratio: 3)
        #expect(story.found == [.leftUndone])
        story.user.left[99]?.ratio = 0.5
        #expect(story.found == [])
    }

    @Test("while the toggle may be off its rows may stay") mutating func undoneToggle() {
        story.user.planted[99] = .toggled
        story.user.left[99] = .seeding("toggled.9", ratio: 3)
        #expect(story.found == [.leftUndone])
        _ = story.user.record.begin(.init(version: 1, isToggleOn: false), at: 3_000)
        #expect(story.found == [])
    }

    // MARK: The rest

    @Test("a user who is not polled is named") mutating func notPolled() {
        story.user.isPolledAgain = false
        #expect(story.found == [.notPolled])
        #expect("\(ChaosChecker(story.evidence).violations()[0])" == "user not polled: \(Evidence.account)")
    }

    @Test("memory, descriptors and sockets that did not come back are leaks", arguments: [0, 1, 2])
    mutating func leak(which: Int) {
        let paths: [WritableKeyPath<ProcessUsage, Int>] = [\.proportionalKiB, \.descriptors, \.sockets]
        story.evidence.usage?.after[keyPath: paths[which]] *= 3
        #expect(story.found == [.leak])
    }

    @Test("a crash, an exit code and leftovers are named") mutating func ending() {
        story.evidence.crashes = ["child died status=signal 11"]
        #expect(story.found == [.crash])
        story.evidence.crashes = []
        story.evidence.exitCode = 75
        story.evidence.leftovers = ["user_1.sqlite-wal was left behind"]
        #expect(story.found == [.badEnd, .badEnd])
        story.evidence.exitCode = nil
        #expect(story.found == [.badEnd, .badEnd])
    }
}
