import DomainModel
import Testing
import UserStore

@testable import WorkerCore

@Suite struct EffectObservationTests {
    private let seeding = DownloadItem.seeding(1)

    @Test(
        "a download that is gone shows the effect of whatever was asked",
        arguments: [ActionState.acknowledged, .unknown])
    func gone(state: ActionState) {
        for action in ["delete", "archive", "stop_seeding", "add_airlock", "force_start"] {
            #expect(finding(.fixture(state, action), nil, after: 1) == .observed)
        }
    }

    @Test("a list read before the call, or at the same moment, says nothing", arguments: [-60, 0])
    func readBefore(seconds: Int64) {
        #expect(finding(.fixture(.unknown), nil, after: seconds) == .open)
    }

    @Test("an action that was never sent has no effect to show") func neverSent() {
        let parked = ActionRow.fixture(.parked) { $0.sentAt = nil }
        #expect(finding(parked, nil, after: 3_600) == .open)
    }

    @Test("an unknown fate without effect is settled once TorBox has had its time") func unknownSettles() {
        let settling = EffectObservation.settlingMilliseconds / 1_000
        #expect(finding(.fixture(.unknown), seeding, after: settling - 1) == .open)
        #expect(finding(.fixture(.unknown), seeding, after: settling) == .notCarriedOut)
    }

    @Test(
        "a destructive action that TorBox acknowledged is never held for undone",
        arguments: [
            "delete", "archive", "stop_seeding",
        ])
    func acknowledgedDestruction(action: String) {
        #expect(finding(.fixture(.acknowledged, action), seeding, after: 31 * 86_400) == .open)
    }

    @Test("a harmless one may be asked again after an hour", arguments: ["add_airlock", "force_start"])
    func acknowledgedHarmless(action: String) {
        let patience = EffectObservation.patienceMilliseconds / 1_000
        #expect(finding(.fixture(.acknowledged, action), seeding, after: patience - 1) == .open)
        #expect(finding(.fixture(.acknowledged, action), seeding, after: patience) == .notCarriedOut)
    }

    @Test("each action has an effect of its own") func effects() {
        let airlocked = DownloadItem.seeding(1) { $0.isAirlocked = true }
        let stopped = DownloadItem.seeding(1) { $0.isActive = false }
        #expect(finding(.fixture(.acknowledged, "stop_seeding"), stopped, after: 1) == .observed)
        #expect(finding(.fixture(.acknowledged, "stop_seeding"), seeding, after: 1) == .open)
        #expect(finding(.fixture(.acknowledged, "add_airlock"), airlocked, after: 1) == .observed)
        #expect(finding(.fixture(.acknowledged, "remove_airlock"), airlocked, after: 1) == .open)
        #expect(finding(.fixture(.acknowledged, "remove_airlock"), seeding, after: 1) == .observed)
        #expect(finding(.fixture(.acknowledged, "delete"), stopped, after: 1) == .open)
    }

    @Test("another download under the number means that the one acted on is gone") func numberUsedAgain() {
        let other = DownloadItem.seeding(1) { $0.hash = "other" }
        #expect(finding(.fixture(.unknown), other, after: 1) == .observed)
        let unnamed = DownloadItem.seeding(1) { $0.hash = nil }
        #expect(finding(.fixture(.unknown), unnamed, after: 1) == .open)
    }

    private func finding(
        _ action: ActionRow, _ item: DownloadItem?, after seconds: Int64
    ) -> EffectObservation.Finding {
        let items = item.map { [$0.key: $0] } ?? [:]
        return EffectObservation.finding(action, items: items, fetchedAt: noon(seconds))
    }
}
