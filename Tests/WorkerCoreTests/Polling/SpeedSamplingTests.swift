import DomainModel
import Testing

@testable import WorkerCore

@Suite struct SpeedSamplingTests {
    @Test("a new download is sampled, running or not, and so is one that runs unchanged") func sampled() {
        let items = [counted(1, isActive: true), counted(2, isActive: false)]
        let samples = SpeedSampling.samples(of: items, tracked: tracked(items), at: noon)
        #expect(samples.map(\.item.id) == [1, 2])
        #expect(samples.map(\.sample) == Array(repeating: SpeedSample(at: noon, downloaded: 5, uploaded: 7), count: 2))
        let again = SpeedSampling.samples(of: items, tracked: tracked(items, sampledAt: noon), at: noon(3_600))
        #expect(again.map(\.item.id) == [1])
    }

    @Test("samples of one download are at least TorBox's refresh apart", arguments: [(599, 0), (600, 1), (-10, 0)])
    func spacing(seconds: Int64, count: Int) {
        let items = [counted(1, isActive: true)]
        let samples = SpeedSampling.samples(of: items, tracked: tracked(items, sampledAt: noon), at: noon(seconds))
        #expect(samples.count == count)
    }

    @Test("rows without both counters, queued ones and unknown ones give no sample") func left() {
        let items = [
            counted(1, isActive: true) { $0.totalUploaded = nil },
            counted(2, isActive: true) { $0.totalDownloaded = nil },
            DownloadItem.fixture(.queued(3)) {
                $0.totalDownloaded = 1; $0.totalUploaded = 1
            },
        ]
        #expect(SpeedSampling.samples(of: items, tracked: tracked(items), at: noon).isEmpty)
        #expect(SpeedSampling.samples(of: [counted(4, isActive: true)], tracked: [:], at: noon).isEmpty)
    }

    @Test("samples are kept half as long again as the longest window") func horizon() {
        #expect(SpeedSampling.horizon(averageHours: 2, at: noon) == noon(-3 * 3_600))
        #expect(SpeedSampling.horizon(averageHours: 168, at: noon) == noon(-252 * 3_600))
    }

    private func counted(
        _ id: Int64, isActive: Bool, _ change: (inout DownloadItem) -> Void = { _ in }
    ) -> DownloadItem {
        .fixture(.torrent(id)) {
            $0.isActive = isActive
            $0.totalDownloaded = 5
            $0.totalUploaded = 7
            change(&$0)
        }
    }

    private func tracked(_ items: [DownloadItem], sampledAt: Timestamp? = nil) -> [ItemKey: TrackedItem] {
        var tracked: [ItemKey: TrackedItem] = [:]
        for item in items {
            tracked[item.key] = TrackedItem(key: item.key, firstSeen: noon, lastSeen: noon, sampledAt: sampledAt)
        }
        return tracked
    }
}
