import Testing
import TorBoxSimulator

@testable import ChaosVerdict

/// Calls that nobody asked for, and calls that are sent twice.
@Suite struct CallCheckerTests {
    private var story = Evidence()

    // MARK: Asked for

    @Test(
        "a call on a row that no enabled rule fits is named",
        arguments: [RowKind.shielded, .airlocked, .guarded, .kept])
    mutating func untouchable(kind: RowKind) {
        story.call("delete", on: kind, at: 2_100)
        #expect(story.found == [.unaskedCall])
    }

    @Test("deleting what was only to be stopped is named") mutating func wrongOperation() {
        story.call("delete", on: .stopped, at: 2_100)
        #expect(story.found == [.unaskedCall])
    }

    @Test("a call of an unknown account, or on a row that it never had, is named") mutating func strangers() {
        story.evidence.calls[0].account = "ffffffff"
        #expect(story.found == [.unaskedCall])
        story.evidence.calls[0].account = Evidence.account
        story.user.planted[Evidence.row(.doomed)] = nil
        #expect(story.found == [.unaskedCall])
    }

    @Test("a call whose body says no row is named") mutating func noRow() {
        story.evidence.calls[0].body = "{\"operation\":\"delete\"}"
        #expect(story.found == [.unaskedCall])
    }

    @Test("a call that no list stands behind is named") mutating func neverShown() {
        story.evidence.showings = ShownHistory()
        #expect(story.found == [.unaskedCall, .unaskedCall, .unaskedCall])
    }

    @Test("the last list counts: a row that it shows below the limit, oddly, or not at all may not be touched")
    mutating func lastList() {
        story.user.planted[Evidence.row(.kept)] = .doomed
        story.user.left[Evidence.row(.kept)] = nil
        var other = story
        other.show(at: 3_000, ratio: 0.5)
        other.call("delete", on: .doomed, at: 5_000)
        #expect(other.found == [.unaskedCall, .doubleCall])
        other = story
        other.show(at: 3_000, ratio: nil)
        other.call("delete", on: .toggled, at: 5_000)
        #expect(other.found == [.unaskedCall, .doubleCall])
        other = story
        other.show(at: 3_000, without: .stopped)
        other.call("stop_seeding", on: .stopped, at: 5_000)
        #expect(other.found == [.unaskedCall, .doubleCall])
    }

    @Test("a call under way may arrive just after the list that its successor read") mutating func underWay() {
        story.evidence.calls = []
        story.show(at: 1_500, ratio: 0.5)
        story.call("delete", on: .doomed, at: 1_900)
        #expect(story.found == [])
    }

    @Test("a call that rests on a list of three minutes ago is named") mutating func oldList() {
        story.evidence.calls = []
        story.call("delete", on: .doomed, at: 181_000)
        #expect(story.found == [.unaskedCall])
    }

    @Test("a call after its rule was switched off is named, one that was under way is not") mutating func ruleOff() {
        let write = story.user.record.begin(.init(version: 1, isToggleOn: false), at: 1_100)
        story.user.record.acknowledge(write, at: 1_200)
        story.user.shown?.isToggleOn = false
        #expect(story.found == [])
        story.show(at: 8_000)
        story.evidence.calls = []
        story.call("delete", on: .toggled, at: 8_500)
        #expect(story.found == [.unaskedCall])
    }

    @Test("what no client may send is named") mutating func forbidden() {
        story.evidence.calls[0].violation = "all"
        #expect(story.found == [.forbiddenCall])
    }

    // MARK: Twice

    @Test("a delete that took effect and is sent again is named, whatever happened to the service")
    mutating func repeatedEffect() {
        story.evidence.disturbances = [Disturbance(.workerEnded, began: 2_000, ended: 2_000)]
        story.show(at: 4_000)
        story.call("delete", on: .doomed, at: 5_000)
        #expect(story.found == [.doubleCall])
    }

    @Test("so is one whose answer was lost after it took effect") mutating func answerLost() {
        story.evidence.calls[0].status = 0
        story.evidence.calls[0].faults = ["answerLost"]
        story.show(at: 4_000)
        story.call("delete", on: .doomed, at: 5_000)
        #expect(story.found == [.doubleCall])
    }

    @Test("an acknowledged delete without effect is never sent again, unless the acknowledgement may be lost")
    mutating func acknowledged() {
        story.evidence.calls[0].faults = ["effectDropped"]
        story.evidence.calls[0].appliedEffect = false
        story.show(at: 40_000)
        story.call("delete", on: .doomed, at: 41_000)
        #expect(story.found == [.doubleCall])
        story.evidence.disturbances = [Disturbance(.workerEnded, began: 2_100, ended: 2_100)]
        #expect(story.found == [])
        story.evidence.disturbances = [Disturbance(.workerEnded, began: 20_000, ended: 20_000)]
        #expect(story.found == [.doubleCall])
    }

    @Test("one that TorBox refused, or never answered and did not carry out, may be sent again")
    mutating func refused() {
        for (status, fault) in [(502, "status"), (0, "hang")] {
            var other = story
            other.evidence.calls[0].status = status
            other.evidence.calls[0].faults = [fault]
            other.evidence.calls[0].appliedEffect = false
            other.show(at: 40_000)
            other.call("delete", on: .doomed, at: 41_000)
            #expect(other.found == [])
        }
    }
}
