import DomainModel
import Testing
import TorBoxClient
import UserStore

@testable import WorkerCore

@Suite struct UploadSettlementTests {
    private let policy = UploadPolicy()

    private func decide(
        _ items: [DownloadItem] = [], certain: Bool = true, claimed: Set<Int64> = [], at seconds: Int64 = 61,
        isPlain: Bool = true, asset: AssetType = .usenet
    ) -> UploadSettlement {
        var key = UploadKey(
            UploadRow.fixture {
                $0.asset = .usenet
                $0.source = .link
                $0.url = "https://index.example/a"
            })
        key.isCertain = certain
        let snapshot = LibrarySnapshot(
            items: items, fetchedAt: noon(seconds), assets: [asset], plainlyEmptyOrListed: isPlain ? [.usenet] : [])
        return UploadSettlement.decide(
            .init(asset: .usenet, key: key, name: "film", sentAt: noon), claimed: claimed, in: snapshot, policy,
            at: noon(seconds))
    }

    private func item(_ id: Int64, isQueued: Bool = false, _ change: (inout DownloadItem) -> Void) -> DownloadItem {
        .fixture(ItemKey(asset: .usenet, isQueued: isQueued, id: id), change)
    }

    @Test("the key is proof at any time, listed or queued")
    func found() {
        let listed = item(1) { $0.originalURL = "https://index.example/a" }
        #expect(decide([listed], at: 1) == .found(listed))
        let queued = item(2, isQueued: true) { $0.hash = "8b5d6ba1e8a1e8a1" }
        #expect(decide([queued]) == .absent)
        let other = DownloadItem.fixture(ItemKey(asset: .webdl, id: 1)) { $0.originalURL = "https://index.example/a" }
        #expect(decide([other]) == .absent)
    }

    @Test("absence proves something only after the create's own time and a rest are over")
    func absent() {
        #expect(decide(at: 59) == .open(until: noon(60)))
        #expect(decide(at: 60) == .absent)
    }

    @Test("without a plain list nothing is proved, and in the end the user is asked")
    func doubtfulList() {
        #expect(decide(at: 100, isPlain: false) == .open(until: noon(160)))
        #expect(decide(at: 3_601, isPlain: false) == .unprovable)
    }

    @Test("without a certain key the name of a new row is proof, and any other new row a doubt")
    func uncertain() {
        let fresh = item(1) { row in
            row.name = "film"
            row.createdAt = noon(5)
        }
        #expect(decide([fresh], certain: false, at: 1) == .found(fresh))
        #expect(decide([fresh], certain: false, claimed: [1]) == .absent)
        let old = item(2) { row in
            row.name = "film"
            row.createdAt = noon(-601)
        }
        #expect(decide([old], certain: false) == .absent)
        let stranger = item(3) { $0.createdAt = noon(-599) }
        #expect(decide([stranger], certain: false) == .unprovable)
        #expect(decide([stranger], certain: true) == .absent)
        let ageless = item(4) { $0.createdAt = nil }
        #expect(decide([ageless], certain: false) == .unprovable)
    }
}
