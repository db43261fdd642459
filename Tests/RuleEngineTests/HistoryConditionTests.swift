import DomainModel
import RuleEngine
import Testing

@Suite struct HistoryConditionTests {
    private let key = ItemKey(asset: .torrent, id: 1)

    private func context(_ telemetry: Telemetry) -> EvaluationContext {
        .fixture { $0.telemetry[key] = telemetry }
    }

    private func context(_ samples: [(minutesAgo: Int64, downloaded: Int64)]) -> EvaluationContext {
        .fixture {
            $0.samples[key] = samples.map {
                SpeedSample(at: noon.advanced(bySeconds: -60 * $0.minutesAgo), downloaded: $0.downloaded, uploaded: 0)
            }
        }
    }

    @Test("minutes since the last activity, whatever the state")
    func activity() throws {
        let context = context(
            Telemetry(
                lastDownloadActivity: noon.advanced(bySeconds: -3_600),
                lastUploadActivity: noon.advanced(bySeconds: -60)))
        #expect(try truth(number("LAST_DOWNLOAD_ACTIVITY_AT", "eq", "60"), .fixture(), context) == .yes)
        #expect(try truth(number("LAST_UPLOAD_ACTIVITY_AT", "lt", "5"), .fixture(), context) == .yes)
    }

    @Test("never observed is unknown, not infinitely long ago")
    func neverObserved() throws {
        #expect(try truth(number("LAST_UPLOAD_ACTIVITY_AT", "gt", "5"), .fixture(), context(Telemetry())) == .unknown)
    }

    @Test("history belongs to one download, not to its number")
    func keys() throws {
        let context = context(Telemetry(lastUploadActivity: noon.advanced(bySeconds: -3_600)))
        let condition = number("LAST_UPLOAD_ACTIVITY_AT", "gt", "5")
        #expect(try truth(condition, .fixture(isQueued: true), context) == .unknown)
        #expect(try truth(condition, .fixture(asset: .usenet), context) == .unknown)
    }

    @Test("a download stall counts only while the state is stalled")
    func downloadStall() throws {
        let context = context(Telemetry(downloadStalledSince: noon.advanced(bySeconds: -3_600)))
        let stalled = DownloadItem.fixture { ($0.isActive, $0.downloadState) = (true, "stalled (no seeds)") }
        let running = DownloadItem.fixture { ($0.isActive, $0.downloadState) = (true, "downloading") }
        let condition = number("DOWNLOAD_STALLED_TIME", "gte", "60")
        #expect(try truth(condition, stalled, context) == .yes)
        #expect(try truth(condition, running, context) == .no)
        #expect(try truth(condition, stalled) == .unknown)
        #expect(try truth(condition, .fixture { $0.hasUnreadableState = true }, context) == .unknown)
    }

    @Test("an upload stall counts only while seeding")
    func uploadStall() throws {
        let context = context(Telemetry(uploadStalledSince: noon.advanced(bySeconds: -3_600)))
        let seeding = DownloadItem.fixture { ($0.isActive, $0.isFinished, $0.isPresent) = (true, true, true) }
        let completed = DownloadItem.fixture { ($0.isActive, $0.isFinished, $0.isPresent) = (false, true, true) }
        let condition = number("UPLOAD_STALLED_TIME", "gt", "59")
        #expect(try truth(condition, seeding, context) == .yes)
        #expect(try truth(condition, completed, context) == .no)
        #expect(try truth(condition, seeding) == .unknown)
    }

    @Test("an average is the counter's growth over the span of the samples in its window")
    func average() throws {
        let samples = context([(90, 0), (60, 0), (30, 999), (0, 3_774_873_600)])
        #expect(try truth(number("AVG_DOWNLOAD_SPEED", "eq", "1"), .fixture(), samples) == .yes)
        #expect(try truth(number("AVG_DOWNLOAD_SPEED", "lt", "1", hours: "2"), .fixture(), samples) == .yes)
        #expect(try truth(number("AVG_UPLOAD_SPEED", "eq", "0"), .fixture(), samples) == .yes)
    }

    @Test("samples that span less than half of the window say nothing")
    func coverage() throws {
        let condition = number("AVG_DOWNLOAD_SPEED", "lte", "1000000")
        #expect(try truth(condition, .fixture(), context([(60, 0), (30, 5)])) == .yes)
        #expect(try truth(condition, .fixture(), context([(60, 0), (31, 5)])) == .unknown)
        #expect(try truth(condition, .fixture(), context([(30, 0)])) == .unknown)
        #expect(try truth(condition, .fixture(), context([(61, 0), (10, 5)])) == .unknown)
        #expect(try truth(condition, .fixture(), context([])) == .unknown)
    }

    @Test("a counter that restarted gives 0, never less")
    func restart() throws {
        #expect(try truth(number("AVG_DOWNLOAD_SPEED", "eq", "0"), .fixture(), context([(50, 900), (5, 10)])) == .yes)
        #expect(
            try truth(number("AVG_DOWNLOAD_SPEED", "gte", "0"), .fixture(), context([(50, .min), (5, .max)]))
                == .unknown)
    }
}
