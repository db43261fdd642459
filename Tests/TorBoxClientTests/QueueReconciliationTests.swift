import DomainModel
import Testing

@testable import TorBoxClient

@Suite struct QueueReconciliationTests {
    private let first = DownloadItem.fixture(1, isQueued: true, hash: "aa")
    private let second = DownloadItem.fixture(2, isQueued: true, hash: "bb")

    @Test("an unchanged queue is settled, and what came since is taken in")
    func unchanged() {
        #expect(QueueReconciliation.settle(before: [first], after: [first], listed: []) == .settled([first]))
        #expect(
            QueueReconciliation.settle(before: [first], after: [first, second], listed: [])
                == .settled([first, second]))
    }

    @Test("a row that left the queue and is listed by its hash counts once, as listed")
    func promoted() {
        let listed = DownloadItem.fixture(77, hash: "aa")
        #expect(
            QueueReconciliation.settle(before: [first, second], after: [second], listed: [listed]) == .settled([second])
        )
    }

    @Test("a row that is neither queued nor listed may be on its way")
    func inTransit() {
        #expect(QueueReconciliation.settle(before: [first], after: [], listed: []) == .inTransit)
        let other = DownloadItem.fixture(1, hash: "cc")
        #expect(QueueReconciliation.settle(before: [first], after: [], listed: [other]) == .inTransit)
    }

    @Test("without a hash nothing tells that a row has arrived")
    func noHash() {
        let nameless = DownloadItem.fixture(3, isQueued: true)
        #expect(QueueReconciliation.settle(before: [nameless], after: [], listed: [.fixture(9)]) == .inTransit)
    }
}
