import DomainModel
import Testing
import UserStore

@testable import WorkerCore

@Suite struct JournalWatchTests {
    private let watch = JournalWatch()
    private let now = Timestamp(milliseconds: 10_000)

    private func user(_ digit: Character) throws -> UserID {
        try #require(UserID(String(repeating: digit, count: 64)))
    }

    private func row(_ state: ActionState, created: Int64) -> ActionRow {
        .fixture(created, state) { $0.createdAt = Timestamp(milliseconds: created) }
    }

    @Test("the oldest unsettled action of all users counts") func summary() throws {
        watch.note([row(.acknowledged, created: 4_000)], of: try user("a"))
        watch.note([row(.unknown, created: 7_000)], of: try user("b"))
        #expect(
            watch.summary(at: now) { _ in true }
                == JournalWatch.Summary(unsettled: 2, oldestAge: .seconds(6)))
    }

    @Test("what has settled, and users that have left, are forgotten") func forgets() throws {
        let (stays, leaves) = (try user("a"), try user("b"))
        watch.note([row(.unknown, created: 1_000)], of: stays)
        watch.note([row(.unknown, created: 1_000)], of: leaves)
        watch.note([], of: stays)
        #expect(watch.summary(at: now) { $0 == stays } == JournalWatch.Summary())
        #expect(watch.summary(at: now) { _ in true } == JournalWatch.Summary())
    }
}
