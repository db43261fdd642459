import DomainModel
import Testing
import TorBoxClient
import UserStore

@testable import RuleEngine
@testable import WorkerCore

@Suite struct PollDecisionTests {
    @Test("a fresh library is stored and every due rule sees it at once") func fresh() {
        let decision = decide([.fixture()], items: [.seeding(1), .seeding(2)])
        #expect(decision.changes.inserts.map(\.key.id) == [1, 2])
        #expect(decision.changes.completed == [.torrent: 2])
        #expect(decision.runs.map(\.plan.items) == [[0, 1]])
    }

    @Test("rules act on the kinds they are for, out of several") func kinds() {
        let usenet = RuleRow.fixture(2) { $0.assetTypes = #"["usenet"]"# }
        let items = [
            DownloadItem.seeding(1) { $0.progress = 1 }, .fixture(ItemKey(asset: .usenet, id: 1)) { $0.progress = 1 },
        ]
        let decision = decide([.fixture(1), usenet], items: items, assets: [.torrent, .usenet])
        #expect(decision.runs.map(\.program.id) == [RuleID(1), RuleID(2)])
        #expect(decision.runs.map(\.plan.items) == [[0], [1]])
        #expect(decision.changes.completed == [.torrent: 1, .usenet: 1])
    }

    @Test("a kind that was not plainly listed loses nothing, and its open actions stay open") func notPlain() {
        let key = ItemKey(asset: .usenet, id: 1)
        let past = past([tracked(key)], open: [.fixture(.unknown, on: key)])
        let decision = decide(
            [.fixture()], items: [], past: past, assets: [.torrent, .usenet], plain: [.torrent], at: 7_200)
        #expect(decision.changes.updates.isEmpty && decision.changes.deletes.isEmpty)
        #expect(decision.observed.isEmpty && decision.notCarriedOut.isEmpty)
    }

    @Test("what cannot be settled by any list is not polled for without end") func noHotLoop() {
        let key = ItemKey(asset: .usenet, id: 1)
        let past = past([tracked(key)], open: [.fixture(.unknown, on: key)])
        let decision = decide(
            [.fixture()], items: [], past: past, assets: [.torrent, .usenet], plain: [.torrent], at: 7_200)
        #expect(decision.unsettled.isEmpty)
        let notFetched = decide([.fixture()], items: [], past: past, assets: [.torrent], at: 7_200)
        #expect(notFetched.unsettled.isEmpty)
    }

    @Test("an unknown fate that a list could not settle yet is due when one can") func unsettled() {
        let past = past([tracked(.torrent(1))], open: [.fixture(.unknown)])
        let decision = decide([.fixture()], items: [.seeding(1) { $0.progress = 1 }], past: past, at: 5)
        #expect(
            decision.unsettled == [RuleID(1): noon.advanced(byMilliseconds: EffectObservation.settlingMilliseconds)])
        #expect(decision.runs.flatMap(\.plan.items).isEmpty)
    }

    @Test("open actions are observed, and what was not carried out is asked for again at once") func openActions() {
        let past = past(
            [tracked(.torrent(1)), tracked(.torrent(2)), tracked(.torrent(3))],
            open: [
                .fixture(1, .acknowledged), .fixture(2, .unknown, on: .torrent(2)),
                .fixture(3, .acknowledged, on: .torrent(3)),
            ])
        let items = [DownloadItem.seeding(2) { $0.progress = 1 }, .seeding(3) { $0.progress = 1 }]
        let decision = decide([.fixture()], items: items, past: past, at: 3_600)
        #expect(decision.observed.map(\.id) == [1])
        #expect(decision.notCarriedOut.map(\.id) == [2])
        #expect(decision.runs.map(\.plan.items) == [[0]])
        #expect(decision.runs.first?.plan.skipped.map(\.reason) == [.awaitingEffect])
    }

    @Test("tags and protection count for the item that left the queue, in the very poll that shows it") func promotion()
    {
        var past = past([tracked(.queued(7), hash: "aa")])
        past.tags.byItem[.queued(7)] = [5]
        past.protectedNumbers = [7]
        let tagged = RuleRow.fixture {
            $0.conditions = RuleRow.conditions(#"{"type":"TAGS","operator":"has_any","value":[5]}"#)
        }
        let items = [DownloadItem.seeding(90) { $0.hash = "aa" }]
        let decision = decide([tagged], items: items, past: past, at: 600)
        #expect(decision.promotions == [.init(from: .queued(7), to: .torrent(90))])
        #expect(decision.changes.moves.map(\.key) == [.torrent(90)])
        #expect(decision.changes.moves.map(\.pk) == [1])
        #expect(decision.changes.inserts.isEmpty && decision.changes.updates.isEmpty)
        #expect(decision.runs.first?.plan.items == [])
        #expect(decision.runs.first?.plan.skipped == [.init(item: 0, reason: .protected)])
    }

    @Test("protection counts while queue and list both show the item, and afterwards") func twins() {
        let queued = DownloadItem.fixture(.queued(7)) { $0.hash = "aa" }
        let listed = DownloadItem.seeding(90) { $0.hash = "aa" }
        let rule = RuleRow.fixture {
            $0.conditions = RuleRow.conditions(#"{"type":"STATUS","operator":"is_any_of","value":["seeding"]}"#)
        }
        var past = past([tracked(.queued(7), hash: "aa")])
        past.protectedNumbers = [7]
        let both = decide([rule], items: [listed, queued], past: past, at: 600)
        #expect(both.runs.map(\.plan.skipped) == [[.init(item: 0, reason: .protected)]])
        past.tracked[.torrent(90)] = tracked(.torrent(90), hash: "aa") { $0.pk = 2 }
        let after = decide([rule], items: [listed], past: past, at: 1_200)
        #expect(after.promotions == [.init(from: .queued(7), to: .torrent(90))])
        #expect(after.changes.deletes == [1])
        #expect(after.runs.map(\.plan.skipped) == [[.init(item: 0, reason: .protected)]])
    }

    @Test("a protected download that was added again is not destroyed under its new number") func addedAgain() {
        let again = DownloadItem.seeding(90) {
            $0.hash = "aa"
            $0.progress = 1
        }
        var known = past([])
        known.protectedNumbers = [7]
        known.protectedHashes = [.torrent: ["aa"]]
        var fresh = past([tracked(.torrent(7), hash: "aa")])
        fresh.protectedNumbers = [7]
        for past in [known, fresh] {
            let decision = decide([.fixture()], items: [again], past: past, at: 600)
            #expect(decision.runs.map(\.plan.items) == [[]])
            #expect(decision.runs.map(\.plan.skipped) == [[.init(item: 0, reason: .protected)]])
        }
    }

    @Test("a confirmed deletion without effect is reported after an hour, once") func overdue() {
        let (early, late, told) = (
            ActionRow.fixture(1, .acknowledged) { $0.sentAt = noon(1) },
            ActionRow.fixture(2, .acknowledged),
            ActionRow.fixture(3, .acknowledged) { $0.detail = OverdueEffects.remark }
        )
        let harmless = ActionRow.fixture(4, .acknowledged, "add_airlock")
        let unknown = ActionRow.fixture(5, .unknown)
        let past = past([tracked(.torrent(1))], open: [early, late, told, harmless, unknown])
        let decision = decide([.fixture()], items: [.seeding(1)], past: past, at: 3_600)
        #expect(decision.overdue.map(\.id) == [2])
        #expect(decision.observed.isEmpty)
    }

    @Test("a removal of a queued item that started instead is not held for done") func startedInstead() {
        let past = past(
            [tracked(.queued(7), hash: "aa")],
            open: [
                .fixture(1, .acknowledged, on: .queued(7)) { $0.hash = "aa" },
                .fixture(2, .acknowledged, "force_start", on: .queued(7)) { $0.hash = "aa" },
            ])
        let items = [DownloadItem.seeding(90) { $0.hash = "aa" }]
        let decision = decide([.fixture()], items: items, past: past, at: 600)
        #expect(decision.observed.map(\.id) == [2])
        #expect(decision.notCarriedOut.map(\.id) == [1])
    }

    @Test("a parked batch stays parked, and is given up when its item is gone for good") func parked() {
        var past = past([tracked(.torrent(1))])
        past.batches = [
            .fixture(items: [.fixture(1, .parked), .fixture(2, .parked, on: .torrent(2))])
        ]
        let decision = decide([.fixture()], items: [.seeding(1) { $0.progress = 1 }], past: past, at: 600)
        #expect(decision.endings.map(\.row.id) == [2])
        #expect(decision.endings.map(\.state) == [.dropped])
        #expect(decision.runs.flatMap(\.plan.items).isEmpty)
        #expect(decision.unsettled.isEmpty)
    }

    @Test("a list that lost most of its items destroys nothing and settles nothing for an hour") func vanished() {
        let known = (1...8).map { number in tracked(.torrent(Int64(number))) { $0.pk = Int64(number) } }
        let open = ActionRow.fixture(.acknowledged, "stop_seeding", on: .torrent(7))
        let past = past(known, open: [open])
        let decision = decide([.fixture()], items: [.seeding(1) { $0.progress = 1 }], past: past, at: 600)
        #expect(decision.vanished == [.torrent])
        #expect(decision.runs.isEmpty)
        #expect(decision.observed.isEmpty)
        #expect(decision.changes.deletes.isEmpty)
    }

    @Test("an unchanged library writes nothing but the time of the snapshot") func unchanged() {
        let items = [DownloadItem.seeding(1), .seeding(2)]
        let first = decide([.fixture()], items: items)
        let known = first.changes.inserts.enumerated().map { index, item in
            var item = item
            item.pk = Int64(index + 1)
            return item
        }
        let second = decide([.fixture()], items: items, past: past(known), at: 300)
        #expect(second.changes.inserts.isEmpty && second.changes.updates.isEmpty && second.changes.deletes.isEmpty)
        #expect(second.changes.samples.isEmpty)
    }

    @Test("samples are taken only for users whose rules average, new items included") func samples() {
        let average = RuleRow.fixture {
            $0.conditions = RuleRow.conditions(#"{"type":"AVG_UPLOAD_SPEED","operator":"lt","value":1,"hours":4}"#)
        }
        let item = DownloadItem.seeding(1) {
            $0.totalUploaded = 5; $0.totalDownloaded = 9
        }
        #expect(decide([.fixture()], items: [item]).changes.samples.isEmpty)
        let decision = decide([average], items: [item])
        #expect(decision.changes.samples.map(\.sample) == [SpeedSample(at: noon, downloaded: 9, uploaded: 5)])
        #expect(decision.changes.inserts.map(\.sampledAt) == [noon])
        #expect(decision.pruneSamplesBefore == noon(-6 * 3_600))
        let known = tracked(.torrent(1)) {
            $0 = decision.changes.inserts[0]
            $0.pk = 1
        }
        let later = decide([average], items: [item], past: past([known]), at: 1_800)
        #expect(later.changes.updates.map(\.sampledAt) == [noon(1_800)])
        #expect(later.changes.samples.count == 1)
    }

    @Test("samples of an earlier download under the same number say nothing about the new one") func reusedNumber() {
        let average = RuleRow.fixture {
            $0.conditions = RuleRow.conditions(#"{"type":"AVG_UPLOAD_SPEED","operator":"lt","value":1,"hours":1}"#)
        }
        var past = past([tracked(.torrent(1), hash: "old")])
        past.samples[.torrent(1)] = [SpeedSample(at: noon, downloaded: 0, uploaded: 9_000_000)]
        let item = DownloadItem.seeding(1) {
            $0.totalUploaded = 5; $0.totalDownloaded = 9
        }
        let decision = decide([average], items: [item], past: past, at: 3_600)
        #expect(decision.changes.deletes == [1])
        #expect(decision.changes.inserts.map(\.key) == [.torrent(1)])
        #expect(decision.runs.isEmpty)
    }

    @Test("rules that are not due are not evaluated, but keep their history") func notDue() {
        let average = RuleRow.fixture(2) {
            $0.conditions = RuleRow.conditions(#"{"type":"AVG_UPLOAD_SPEED","operator":"lt","value":1,"hours":4}"#)
        }
        let item = DownloadItem.seeding(1) {
            $0.totalUploaded = 5; $0.totalDownloaded = 9; $0.progress = 1
        }
        let all = PollRules([.fixture(), average], of: .sample(1), cache: ProgramCache())
        let decision = PollDecision.decide(
            rules: [RuleRow.fixture().entry], allRules: all, past: past([]), snapshot: snapshot([item]), at: noon)
        #expect(decision.evaluated.map(\.row.id) == [RuleID(1)])
        #expect(decision.runs.map(\.program.id) == [RuleID(1)])
        #expect(decision.changes.samples.count == 1)
    }

    // MARK: Tools

    private func decide(
        _ rows: [RuleRow], items: [DownloadItem], past: PollPast? = nil, assets: Set<AssetType> = [.torrent],
        plain: Set<AssetType>? = nil, at seconds: Int64 = 0
    ) -> PollDecision {
        PollDecision.decide(
            rules: rows.map(\.entry), allRules: PollRules(rows, of: .sample(1), cache: ProgramCache()),
            past: past ?? self.past([]),
            snapshot: snapshot(items, assets: assets, plain: plain ?? assets, at: seconds), at: noon(seconds))
    }

    private func snapshot(
        _ items: [DownloadItem], assets: Set<AssetType> = [.torrent], plain: Set<AssetType> = [.torrent],
        at seconds: Int64 = 0
    ) -> LibrarySnapshot {
        LibrarySnapshot(items: items, fetchedAt: noon(seconds), assets: assets, plainlyEmptyOrListed: plain)
    }

    private func past(_ tracked: [TrackedItem], open: [ActionRow] = []) -> PollPast {
        PollPast(
            tracked: Dictionary(uniqueKeysWithValues: tracked.map { ($0.key, $0) }), samples: [:],
            tags: TagAssignments(),
            protectedNumbers: [], openActions: open)
    }

    private func tracked(
        _ key: ItemKey, hash: String? = nil, _ change: (inout TrackedItem) -> Void = { _ in }
    ) -> TrackedItem {
        var item = TrackedItem(pk: 1, key: key, hash: hash ?? "hash-\(key)", firstSeen: noon, lastSeen: noon)
        change(&item)
        return item
    }
}
