import DomainModel
import Testing

@testable import RuleEngine

@Suite struct SnapshotDiffTests {
    // MARK: First sight and changes

    @Test("a download seen for the first time is added, with activity only where it shows") func firstSight() {
        var series = PollSeries()
        let diff = series.poll(
            [
                .downloading(1, bytes: 0), .seeding(2, uploaded: 7), .completed(3, bytes: 9), .completed(4, bytes: 0),
            ], at: 0)
        #expect(diff.added.map(\.key.id) == [1, 2, 3, 4])
        #expect(diff.changed.isEmpty && diff.forgotten.isEmpty)
        let telemetry = diff.added.map(\.telemetry)
        #expect(telemetry.map(\.lastDownloadActivity) == [noon, nil, noon, nil])
        #expect(telemetry.map(\.lastUploadActivity) == [nil, noon, nil, nil])
        #expect(telemetry.allSatisfy { $0.downloadStalledSince == nil && $0.uploadStalledSince == nil })
    }

    @Test("a row that says nothing of counters has no activity, which is unknown and not never") func noCounters() {
        var series = PollSeries()
        let diff = series.poll([.fixture { $0.isPresent = true }], at: 0)
        #expect(diff.added.first?.telemetry == Telemetry())
        #expect(diff.added.first?.downloaded == nil)
    }

    @Test("an unchanged library gives no change at all") func unchanged() {
        var series = PollSeries()
        let items: [DownloadItem] = [
            .seeding(1, uploaded: 5), .completed(2, bytes: 9), .fixture(id: 3, isQueued: true),
        ]
        _ = series.poll(items, at: 0)
        let diff = series.poll(items, at: 300)
        #expect(diff.added.isEmpty && diff.changed.isEmpty && diff.forgotten.isEmpty)
        #expect(diff.tracked.count == 3)
    }

    @Test("a change of name, state or counter is a change", arguments: [0, 1, 2]) func changes(what: Int) {
        var series = PollSeries()
        _ = series.poll([.seeding(1, uploaded: 5)], at: 0)
        var item = DownloadItem.seeding(1, uploaded: 5)
        switch what {
        case 0: item.name = "renamed"
        case 1: item.isActive = false
        default: item.totalUploaded = 6
        }
        let diff = series.poll([item], at: 60)
        #expect(diff.changed.map(\.item.key.id) == [1])
        #expect(diff.changed.first?.previousKey == item.key)
        #expect(diff.changed.first?.keepsIdentity == true)
    }

    @Test("a hash that shows late is a change of identity, one that is not shown any more is none") func lateHash() {
        var series = PollSeries()
        _ = series.poll([.seeding(1, uploaded: 5) { $0.hash = nil }], at: 0)
        let shown = series.poll([.seeding(1, uploaded: 5) { $0.hash = "aa" }], at: 60)
        #expect(shown.changed.map(\.keepsIdentity) == [false])
        #expect(shown.changed.first?.item.hash == "aa")
        let hidden = series.poll([.seeding(1, uploaded: 9) { $0.hash = nil }], at: 120)
        #expect(hidden.changed.map(\.keepsIdentity) == [true])
        #expect(hidden.changed.first?.item.hash == "aa")
    }

    /// What may differ between what is known and what is shown, each by itself.
    private static let differences: [@Sendable (inout DownloadItem, inout TrackedItem) -> Void] = [
        { item, _ in item.name = "another" }, { item, _ in item.hash = "bb" }, { item, _ in item.isFinished = false },
        { item, _ in item.totalUploaded = 6 }, { item, _ in item.totalDownloaded = 10 },
        { item, _ in item.progress = 0.5 }, { item, _ in item.isActive = false },
        { _, known in known.misses = 1 }, { _, known in known.missingSince = noon }, { _, known in known.state = nil },
        { _, known in known.hash = nil }, { _, known in known.name = nil }, { _, known in known.progress = nil },
        { _, known in known.telemetry.lastUploadActivity = nil },
        { _, known in known.telemetry.downloadStalledSince = noon },
        { _, known in known.uploadWatchedSince = noon.advanced(bySeconds: -600) },
    ]

    @Test("each single difference between what is known and what is shown is noted", arguments: differences.indices)
    func singleDifference(_ index: Int) throws {
        var item = DownloadItem.seeding(1, uploaded: 5) {
            $0.hash = "aa"
            $0.name = "n"
            $0.totalDownloaded = 9
            $0.progress = 1
        }
        var series = PollSeries()
        _ = series.poll([item], at: 0)
        #expect(series.poll([item], at: 60).changed.isEmpty)
        var known = try #require(series.tracked[item.key])
        Self.differences[index](&item, &known)
        series.tracked[item.key] = known
        let diff = series.poll([item], at: 60)
        #expect(diff.changed.count + diff.added.count == 1)
        #expect(series.poll([item], at: 60).changed.isEmpty, "and noted once")
    }

    @Test("what a row stops saying is remembered") func sticky() {
        var series = PollSeries()
        _ = series.poll([.downloading(1, bytes: 5) { $0.hash = "aa" }], at: 0)
        let diff = series.poll(
            [
                .downloading(1, bytes: 5) {
                    $0.totalDownloaded = nil
                    $0.hash = nil
                    $0.name = nil
                }
            ], at: 60)
        let item = diff.tracked.values.first
        #expect(item?.downloaded == 5)
        #expect(item?.hash == "aa")
        #expect(diff.changed.isEmpty)
    }

    // MARK: Download stalls

    @Test("a stall begins at the first poll that shows no progress, not at the last activity") func stallBegins() {
        var series = PollSeries()
        _ = series.poll([.stalled(1, bytes: 5)], at: 0)
        _ = series.poll([.stalled(1, bytes: 6)], at: 3_900)
        #expect(series.telemetry(1).downloadStalledSince == nil)
        #expect(series.telemetry(1).lastDownloadActivity == noon + 3_900)
        _ = series.poll([.stalled(1, bytes: 6)], at: 7_800)
        #expect(series.telemetry(1).downloadStalledSince == noon + 7_800)
        _ = series.poll([.stalled(1, bytes: 6)], at: 9_000)
        #expect(series.telemetry(1).downloadStalledSince == noon + 7_800)
        #expect(series.telemetry(1).lastDownloadActivity == noon + 3_900)
    }

    @Test("a quiet download in state downloading stalls too") func quietDownloading() {
        var series = PollSeries()
        _ = series.poll([.downloading(1, bytes: 5)], at: 0)
        _ = series.poll([.downloading(1, bytes: 5)], at: 1_800)
        #expect(series.telemetry(1).downloadStalledSince == noon + 1_800)
    }

    @Test("any progress ends a stall") func stallEnds() {
        var series = PollSeries()
        _ = series.poll([.stalled(1, bytes: 5)], at: 0)
        _ = series.poll([.stalled(1, bytes: 5)], at: 1_800)
        #expect(series.telemetry(1).downloadStalledSince == noon + 1_800)
        _ = series.poll([.stalled(1, bytes: 6)], at: 3_600)
        #expect(series.telemetry(1).downloadStalledSince == nil)
        #expect(series.telemetry(1).lastDownloadActivity == noon + 3_600)
    }

    @Test(
        "less than TorBox's refresh of 600 s without progress proves nothing",
        arguments: [(1, false), (599, false), (600, true), (601, true)])
    func refresh(seconds: Int64, isStalled: Bool) {
        var series = PollSeries()
        _ = series.poll([.stalled(1, bytes: 5)], at: 0)
        _ = series.poll([.stalled(1, bytes: 5)], at: seconds)
        #expect((series.telemetry(1).downloadStalledSince != nil) == isStalled)
    }

    @Test("many polls within the refresh do not put a stall off") func refreshAddsUp() {
        var series = PollSeries()
        for second in stride(from: Int64(0), through: 600, by: 60) {
            _ = series.poll([.stalled(1, bytes: 5)], at: second)
        }
        #expect(series.telemetry(1).downloadStalledSince == noon + 600)
    }

    @Test("a download that only now should progress is given the refresh time first") func newlyExpected() {
        var series = PollSeries()
        _ = series.poll([.fixture { $0.totalDownloaded = 5 }], at: 0)
        _ = series.poll([.stalled(1, bytes: 5)], at: 7_200)
        #expect(series.telemetry(1).downloadStalledSince == nil)
        _ = series.poll([.stalled(1, bytes: 5)], at: 7_500)
        #expect(series.telemetry(1).downloadStalledSince == nil)
        _ = series.poll([.stalled(1, bytes: 5)], at: 7_800)
        #expect(series.telemetry(1).downloadStalledSince == noon + 7_800)
    }

    @Test("going into downloading counts as activity") func beginsDownloading() {
        var series = PollSeries()
        _ = series.poll(
            [
                .fixture(isQueued: false) {
                    $0.downloadState = "metaDL"; $0.isActive = true
                }
            ], at: 0)
        #expect(series.telemetry(1).lastDownloadActivity == nil)
        _ = series.poll([.downloading(1, bytes: 0)], at: 1_800)
        #expect(series.telemetry(1).lastDownloadActivity == noon + 1_800)
    }

    @Test("a counter that restarted at 0 proves neither progress nor a stall") func restartAtZero() {
        var series = PollSeries()
        _ = series.poll([.stalled(1, bytes: 5)], at: 0)
        _ = series.poll([.stalled(1, bytes: 0)], at: 1_800)
        #expect(series.telemetry(1).downloadStalledSince == nil)
        #expect(series.telemetry(1).lastDownloadActivity == noon)
        _ = series.poll([.stalled(1, bytes: 0)], at: 3_600)
        #expect(series.telemetry(1).downloadStalledSince == noon + 3_600)
    }

    @Test("a counter that restarted and is above 0 again has moved") func restartAboveZero() {
        var series = PollSeries()
        _ = series.poll([.stalled(1, bytes: 5)], at: 0)
        _ = series.poll([.stalled(1, bytes: 3)], at: 1_800)
        #expect(series.telemetry(1).downloadStalledSince == nil)
        #expect(series.telemetry(1).lastDownloadActivity == noon + 1_800)
    }

    @Test("without byte counters the fraction tells progress", arguments: [AssetType.usenet, .webdl])
    func fraction(asset: AssetType) {
        func item(_ fraction: Double) -> DownloadItem {
            .fixture(id: 1, asset: asset) {
                $0.isActive = true
                $0.progress = fraction
            }
        }
        var series = PollSeries()
        _ = series.poll([item(0.5)], at: 0)
        _ = series.poll([item(0.6)], at: 1_800)
        #expect(series.telemetry(1, asset).lastDownloadActivity == noon + 1_800)
        _ = series.poll([item(0.6)], at: 3_600)
        #expect(series.telemetry(1, asset).downloadStalledSince == noon + 3_600)
        _ = series.poll([item(0.7)], at: 5_400)
        #expect(series.telemetry(1, asset).downloadStalledSince == nil)
    }

    @Test("without counter and fraction nothing is ever stalled") func nothingKnown() {
        var series = PollSeries()
        for second in [Int64(0), 3_600, 7_200] { _ = series.poll([.fixture { $0.isActive = true }], at: second) }
        #expect(series.telemetry(1).downloadStalledSince == nil)
    }

    @Test("completion ends the stall and keeps the last activity") func completion() {
        var series = PollSeries()
        _ = series.poll([.stalled(1, bytes: 5)], at: 0)
        _ = series.poll([.stalled(1, bytes: 5)], at: 1_800)
        _ = series.poll([.completed(1, bytes: 9)], at: 3_600)
        _ = series.poll([.completed(1, bytes: 9)], at: 90_000)
        #expect(series.telemetry(1).downloadStalledSince == nil)
        #expect(series.telemetry(1).lastDownloadActivity == noon + 3_600)
    }

    @Test("a finished torrent whose state says stalled has no download stall") func finishedStalled() {
        var series = PollSeries()
        for second in [Int64(0), 1_800, 3_600] {
            _ = series.poll(
                [
                    .stalled(1, bytes: 5) {
                        $0.isFinished = true; $0.isPresent = true
                    }
                ], at: second)
        }
        #expect(series.telemetry(1).downloadStalledSince == nil)
    }

    // MARK: Upload stalls

    @Test("an uploading seeder is never stalled, however far apart the polls") func busySeeder() {
        var series = PollSeries()
        for round in Int64(0)..<6 {
            _ = series.poll([.seeding(1, uploaded: round + 1)], at: round * 2_400)
            #expect(series.telemetry(1).uploadStalledSince == nil)
            #expect(series.telemetry(1).lastUploadActivity == noon + round * 2_400)
        }
    }

    @Test("an idle seeder stalls by itself, from the poll that showed it") func idleSeeder() {
        var series = PollSeries()
        _ = series.poll([.seeding(1, uploaded: 5)], at: 0)
        _ = series.poll([.seeding(1, uploaded: 5)], at: 2_400)
        _ = series.poll([.seeding(1, uploaded: 5)], at: 4_800)
        #expect(series.telemetry(1).uploadStalledSince == noon + 2_400)
        #expect(series.telemetry(1).lastUploadActivity == noon)
    }

    @Test("leaving the state of seeding ends the upload stall and keeps the activity") func stopsSeeding() {
        var series = PollSeries()
        _ = series.poll([.seeding(1, uploaded: 5)], at: 0)
        _ = series.poll([.seeding(1, uploaded: 5)], at: 2_400)
        _ = series.poll([.completed(1, bytes: 9) { $0.totalUploaded = 5 }], at: 4_800)
        #expect(series.telemetry(1).uploadStalledSince == nil)
        #expect(series.telemetry(1).lastUploadActivity == noon)
    }

    @Test("beginning to seed counts as activity") func beginsSeeding() {
        var series = PollSeries()
        _ = series.poll([.downloading(1, bytes: 5)], at: 0)
        _ = series.poll([.seeding(1, uploaded: 0)], at: 2_400)
        #expect(series.telemetry(1).lastUploadActivity == noon + 2_400)
        #expect(series.telemetry(1).uploadStalledSince == nil)
    }

    @Test("bytes moved before anybody watched count from first sight") func fillsActivity() {
        var series = PollSeries()
        _ = series.poll([.fixture { $0.isPresent = true }], at: 0)
        _ = series.poll(
            [
                .fixture {
                    $0.isPresent = true; $0.totalUploaded = 8; $0.totalDownloaded = 9
                }
            ], at: 60)
        #expect(series.telemetry(1).lastUploadActivity == noon)
        #expect(series.telemetry(1).lastDownloadActivity == noon)
    }

    // MARK: Absence

    @Test("an absent download is forgotten after 3 complete snapshots and an hour, not before")
    func forgetting() {
        var series = PollSeries()
        _ = series.poll([.seeding(1, uploaded: 5)], at: 0)
        for (second, misses) in [(Int64(1_000), 1), (1_100, 2), (1_200, 3), (4_599, 4)] {
            let diff = series.poll([], at: second)
            #expect(diff.forgotten.isEmpty)
            #expect(diff.changed.map(\.item.misses) == [misses])
        }
        let diff = series.poll([], at: 4_600)
        #expect(diff.forgotten.map(\.key.id) == [1])
        #expect(diff.tracked.isEmpty)
    }

    @Test("a list that suddenly lacks most of its items proves nothing, and is forgotten only after a day")
    func mostlyGone() {
        var series = PollSeries()
        let all = (1...9).map { DownloadItem.seeding(Int64($0), uploaded: 5) }
        _ = series.poll(all, at: 0)
        for (seconds, vanishes) in [(1_800, true), (3_600, true), (5_400, false), (86_400, false)] as [(Int64, Bool)] {
            let diff = series.poll(Array(all.prefix(4)), at: seconds)
            #expect(diff.vanished == (vanishes ? [.torrent] : []), "after \(seconds) s")
            #expect(diff.forgotten.isEmpty)
        }
        #expect(series.poll(Array(all.prefix(4)), at: 1_800 + 86_400).forgotten.count == 5)
    }

    @Test("items that were asked to go, less than half of the list, and a handful surprise nobody") func expectedToGo()
    {
        for (count, left, leaving) in [(9, 4, 5), (11, 6, 0), (4, 0, 0)] {
            var series = PollSeries()
            let all = (1...count).map { DownloadItem.seeding(Int64($0), uploaded: 5) }
            _ = series.poll(all, at: 0)
            series.leaving = Set(all.suffix(leaving).map(\.key))
            #expect(series.poll(Array(all.prefix(left)), at: 1_800).vanished.isEmpty)
        }
    }

    @Test("an hour alone is not enough") func twoMisses() {
        var series = PollSeries()
        _ = series.poll([.seeding(1, uploaded: 5)], at: 0)
        _ = series.poll([], at: 1_000)
        #expect(series.poll([], at: 100_000).forgotten.isEmpty)
        #expect(series.poll([], at: 100_001).forgotten.count == 1)
    }

    @Test("a download that comes back keeps its history and starts counting misses anew") func comesBack() {
        var series = PollSeries()
        _ = series.poll([.seeding(1, uploaded: 5)], at: 0)
        _ = series.poll([], at: 1_800)
        _ = series.poll([], at: 3_600)
        let back = series.poll([.seeding(1, uploaded: 5)], at: 5_400)
        #expect(back.added.isEmpty)
        #expect(back.changed.map(\.item.misses) == [0])
        #expect(back.changed.first?.item.missingSince == nil)
        #expect(series.telemetry(1).lastUploadActivity == noon)
        for second in [Int64(7_200), 9_000] { #expect(series.poll([], at: second).forgotten.isEmpty) }
        #expect(series.poll([], at: 10_800).forgotten.count == 1)
    }

    @Test("a kind that was not plainly listed is not missed, forgotten or changed") func notPlain() {
        var series = PollSeries()
        _ = series.poll([.seeding(1, uploaded: 5), .fixture(id: 1, asset: .usenet)], at: 0)
        for round in Int64(1)...10 {
            let diff = series.poll([.seeding(1, uploaded: 5)], forgettable: [.torrent], at: round * 3_600)
            #expect(diff.forgotten.isEmpty)
            #expect(!diff.changed.contains { $0.item.key.asset == .usenet })
        }
        #expect(series.tracked[ItemKey(asset: .usenet, id: 1)]?.misses == 0)
    }

    @Test("an answer without any download wipes nothing at once") func emptyAnswer() {
        var series = PollSeries()
        _ = series.poll((1...50).map { .seeding($0, uploaded: 5) }, at: 0)
        let diff = series.poll([], at: 86_400)
        #expect(diff.forgotten.isEmpty)
        #expect(diff.tracked.count == 50)
    }

    // MARK: Keys and hashes

    @Test("the same number in another kind or in the queue is another download") func keys() {
        var series = PollSeries()
        let items: [DownloadItem] = [
            .seeding(5, uploaded: 1), .fixture(id: 5, asset: .usenet), .fixture(id: 5, isQueued: true),
        ]
        #expect(series.poll(items, at: 0).added.count == 3)
        #expect(series.poll(items, at: 60).changed.isEmpty)
    }

    @Test("a row that comes twice does not hide that another is missing") func doubled() {
        var series = PollSeries()
        _ = series.poll([.completed(1, bytes: 9), .completed(2, bytes: 9)], at: 0)
        let diff = series.poll([.completed(1, bytes: 9), .completed(1, bytes: 9)], at: 300)
        #expect(diff.changed.map(\.item.key.id) == [2])
        #expect(diff.changed.first?.item.misses == 1)
    }

    @Test("history follows the hash from queue to list") func promotion() {
        var series = PollSeries()
        _ = series.poll([.fixture(id: 7, isQueued: true) { $0.hash = "aa" }], at: 0)
        let before = series.tracked.values.first
        let diff = series.poll([.downloading(90, bytes: 0) { $0.hash = "aa" }], at: 1_800)
        #expect(diff.added.isEmpty && diff.forgotten.isEmpty)
        #expect(diff.changed.map(\.previousKey) == [ItemKey(asset: .torrent, isQueued: true, id: 7)])
        #expect(diff.changed.first?.keepsIdentity == false)
        let item = diff.changed.first?.item
        #expect(item?.key == ItemKey(asset: .torrent, id: 90))
        #expect(item?.pk == before?.pk)
        #expect(item?.firstSeen == noon)
        #expect(diff.tracked.count == 1)
    }

    @Test("a queued download follows its hash also after it was missing for a while") func latePromotion() {
        var series = PollSeries()
        _ = series.poll([.fixture(id: 7, isQueued: true) { $0.hash = "aa" }], at: 0)
        _ = series.poll([], at: 600)
        let diff = series.poll([.downloading(90, bytes: 0) { $0.hash = "aa" }], at: 1_200)
        #expect(diff.changed.map(\.previousKey.id) == [7])
        #expect(diff.changed.first?.item.misses == 0)
    }

    @Test("nothing follows from the queue of one kind to the list of another") func promotionByKind() {
        var series = PollSeries()
        _ = series.poll([.fixture(id: 7, isQueued: true) { $0.hash = "aa" }], at: 0)
        let diff = series.poll([.fixture(id: 90, asset: .usenet) { $0.hash = "aa" }], at: 1_800)
        #expect(diff.added.map(\.key.id) == [90])
        #expect(diff.changed.map(\.item.misses) == [1])
    }

    @Test("a download that is still queued gives its history to no one") func stillQueued() {
        var series = PollSeries()
        let queued = DownloadItem.fixture(id: 7, isQueued: true) { $0.hash = "aa" }
        _ = series.poll([queued], at: 0)
        let diff = series.poll([queued, .downloading(90, bytes: 0) { $0.hash = "aa" }], at: 1_800)
        #expect(diff.added.map(\.key.id) == [90])
        #expect(diff.changed.isEmpty)
    }

    @Test("what was queued and listed at once leaves its marks to the listed one when it goes") func arrival() {
        var series = PollSeries()
        let queued = DownloadItem.fixture(id: 7, isQueued: true) { $0.hash = "aa" }
        let listed = DownloadItem.downloading(90, bytes: 0) { $0.hash = "aa" }
        _ = series.poll([queued], at: 0)
        #expect(series.poll([queued, listed], at: 1_800).arrived.isEmpty)
        let diff = series.poll([listed], at: 3_600)
        #expect(diff.arrived == [.init(from: queued.key, to: listed.key)])
        #expect(diff.forgotten.map(\.key) == [queued.key])
        #expect(diff.tracked.keys.map(\.id) == [90])
        #expect(series.tracked[listed.key]?.firstSeen == noon + 1_800)
    }

    @Test("one queued download becomes one listed one, not two") func promotedOnce() {
        var series = PollSeries()
        _ = series.poll([.fixture(id: 7, isQueued: true) { $0.hash = "aa" }], at: 0)
        let diff = series.poll([.downloading(90) { $0.hash = "aa" }, .downloading(91) { $0.hash = "aa" }], at: 1_800)
        #expect(diff.changed.count == 1 && diff.added.count == 1)
        #expect(diff.tracked.count == 2)
    }

    @Test("of two queued downloads with one hash the one with the lower number moves on, every time")
    func promotionIsDeterministic() {
        for _ in 0..<20 {
            var series = PollSeries()
            _ = series.poll((1...6).map { .fixture(id: $0, isQueued: true) { $0.hash = "aa" } }, at: 0)
            let diff = series.poll([.downloading(90) { $0.hash = "aa" }], at: 1_800)
            #expect(diff.changed.first { $0.previousKey != $0.item.key }?.previousKey.id == 1)
        }
    }

    @Test("another download under a known number inherits nothing") func numberUsedAgain() {
        var series = PollSeries()
        _ = series.poll([.seeding(1, uploaded: 5) { $0.hash = "aa" }], at: 0)
        _ = series.poll([.seeding(1, uploaded: 5) { $0.hash = "aa" }], at: 7_200)
        let old = series.tracked.values.first
        #expect(old?.telemetry.uploadStalledSince != nil)
        let diff = series.poll([.seeding(1, uploaded: 5) { $0.hash = "bb" }], at: 9_000)
        #expect(diff.forgotten.map(\.pk) == [old?.pk])
        #expect(diff.added.map(\.hash) == ["bb"])
        #expect(diff.added.first?.firstSeen == noon + 9_000)
        #expect(diff.added.first?.telemetry.uploadStalledSince == nil)
        #expect(diff.changed.isEmpty)
    }

    @Test("a hash that becomes known later is no other download") func hashAppears() {
        var series = PollSeries()
        _ = series.poll([.seeding(1, uploaded: 5)], at: 0)
        let diff = series.poll([.seeding(1, uploaded: 5) { $0.hash = "aa" }], at: 60)
        #expect(diff.changed.map(\.item.hash) == ["aa"])
        #expect(diff.added.isEmpty && diff.forgotten.isEmpty)
    }

    // MARK: Properties

    @Test("random polls: nothing tracked is lost early, nothing appears twice, misses never act on what is there")
    func randomPolls() {
        var generator = SeededNumbers(seed: 20_260_820)
        var series = PollSeries()
        for round in Int64(0)..<200 {
            let ids = (Int64(1)...12).filter { _ in Int.random(in: 0..<4, using: &generator) > 0 }
            let items = ids.map { DownloadItem.stalled($0, bytes: .random(in: 0..<3, using: &generator)) }
            let before = series.tracked
            let diff = series.poll(items, at: round * 900)
            let present = Set(items.map(\.key))
            #expect(present.isSubset(of: diff.tracked.keys))
            #expect(Set(before.keys).subtracting(diff.tracked.keys) == Set(diff.forgotten.map(\.key)))
            #expect(present.isDisjoint(with: diff.forgotten.map(\.key)))
            #expect(Set(diff.added.map(\.key)).isDisjoint(with: before.keys))
            #expect(Set(diff.changed.map(\.item.key)).count == diff.changed.count)
            for item in diff.tracked.values {
                #expect((item.misses == 0) == present.contains(item.key))
                if let since = item.telemetry.downloadStalledSince {
                    #expect(item.telemetry.lastDownloadActivity.map { $0 <= since } ?? true)
                }
            }
        }
    }
}

/// Polls one after the other, each remembering what the one before left.
private struct PollSeries {
    var tracked: [ItemKey: TrackedItem] = [:]
    var leaving: Set<ItemKey> = []
    private var stored: Int64 = 0

    mutating func poll(
        _ items: [DownloadItem], forgettable: Set<AssetType> = Set(AssetType.allCases), at seconds: Int64
    ) -> SnapshotDiff {
        let diff = SnapshotDiff.between(
            tracked, and: items, forgettable: forgettable, leaving: leaving, at: noon + seconds)
        tracked = diff.tracked
        for item in diff.added {
            stored += 1
            tracked[item.key]?.pk = stored
        }
        return diff
    }

    func telemetry(_ id: Int64, _ asset: AssetType = .torrent) -> Telemetry {
        tracked[ItemKey(asset: asset, id: id)]?.telemetry ?? Telemetry()
    }
}

/// The same numbers in every run.
private struct SeededNumbers: RandomNumberGenerator {
    var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}

private func + (moment: Timestamp, seconds: Int64) -> Timestamp { moment.advanced(bySeconds: seconds) }

extension DownloadItem {
    fileprivate typealias Change = (inout DownloadItem) -> Void

    fileprivate static func downloading(_ id: Int64, bytes: Int64 = 0, _ change: Change = { _ in }) -> DownloadItem {
        .fixture(id: id) {
            $0.isActive = true
            $0.downloadState = "downloading"
            $0.totalDownloaded = bytes
            change(&$0)
        }
    }

    fileprivate static func stalled(_ id: Int64, bytes: Int64, _ change: Change = { _ in }) -> DownloadItem {
        downloading(id, bytes: bytes) {
            $0.downloadState = "stalled (no seeds)"
            change(&$0)
        }
    }

    fileprivate static func seeding(_ id: Int64, uploaded: Int64, _ change: Change = { _ in }) -> DownloadItem {
        .fixture(id: id) {
            $0.isActive = true
            $0.isFinished = true
            $0.isPresent = true
            $0.totalUploaded = uploaded
            change(&$0)
        }
    }

    fileprivate static func completed(_ id: Int64, bytes: Int64, _ change: Change = { _ in }) -> DownloadItem {
        .fixture(id: id) {
            $0.isFinished = true
            $0.isPresent = true
            $0.totalDownloaded = bytes
            $0.progress = 1
            change(&$0)
        }
    }
}
