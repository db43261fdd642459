import DomainModel
import RuleEngine
import Testing

@Suite struct NumericConditionTests {
    private static let mebibyte = 1_048_576.0
    private static let gibibyte = 1_073_741_824.0

    @Test(
        "a missing number is unknown, whatever it is compared with",
        arguments: [
            "PROGRESS", "DOWNLOAD_SPEED", "UPLOAD_SPEED", "ETA", "SEEDS", "PEERS", "RATIO", "TOTAL_UPLOADED",
            "TOTAL_DOWNLOADED", "FILE_SIZE", "FILE_COUNT", "AVAILABILITY", "AGE", "SEEDING_TIME", "EXPIRES_AT",
            "LAST_DOWNLOAD_ACTIVITY_AT", "LAST_UPLOAD_ACTIVITY_AT", "AVG_DOWNLOAD_SPEED", "AVG_UPLOAD_SPEED",
        ])
    func missing(type: String) throws {
        for comparison in ["gt", "lt", "gte", "lte", "eq"] {
            #expect(try truth(number(type, comparison, "0")) == .unknown)
        }
    }

    @Test("each comparison at, below and above its value")
    func comparisons() throws {
        func outcome(_ comparison: String) throws -> [Truth] {
            try [1.0, 2, 3].map { seeds in try truth(number("SEEDS", comparison, "2"), .fixture { $0.seeds = seeds }) }
        }
        #expect(try outcome("gt") == [.no, .no, .yes])
        #expect(try outcome("gte") == [.no, .yes, .yes])
        #expect(try outcome("eq") == [.no, .yes, .no])
        #expect(try outcome("lte") == [.yes, .yes, .no])
        #expect(try outcome("lt") == [.yes, .no, .no])
    }

    @Test("units: MiB/s for speeds, GiB for uploads and sizes, MiB for downloads, minutes for what is left")
    func units() throws {
        let item = DownloadItem.fixture {
            $0.downloadSpeed = 3 * Self.mebibyte
            $0.uploadSpeed = 2 * Self.mebibyte
            $0.totalUploaded = Int64(5 * Self.gibibyte)
            $0.totalDownloaded = Int64(7 * Self.mebibyte)
            $0.size = 1.5 * Self.gibibyte
            $0.eta = 90
            $0.fileCount = 4
            $0.availability = -1
            $0.peers = 9
        }
        let wanted = [
            "DOWNLOAD_SPEED": "3", "UPLOAD_SPEED": "2", "TOTAL_UPLOADED": "5", "TOTAL_DOWNLOADED": "7",
            "FILE_SIZE": "1.5",
            "ETA": "1.5", "FILE_COUNT": "4", "AVAILABILITY": "-1", "PEERS": "9",
        ]
        for (type, value) in wanted { #expect(try truth(number(type, "eq", value), item) == .yes, "\(type)") }
    }

    @Test("progress is in percent, and a finished download is at 100 whatever its field says")
    func progress() throws {
        #expect(try truth(number("PROGRESS", "eq", "50"), .fixture { $0.progress = 0.5 }) == .yes)
        #expect(try truth(number("PROGRESS", "lt", "100"), .fixture { $0.progress = 0.999 }) == .yes)
        let finished = DownloadItem.fixture {
            $0.isFinished = true
            $0.progress = 0.2
        }
        #expect(try truth(number("PROGRESS", "lt", "100"), finished) == .no)
        #expect(try truth(number("PROGRESS", "gte", "100"), .fixture { $0.isFinished = true }) == .yes)
    }

    @Test("the ratio is TorBox's, or computed when both totals are there")
    func ratio() throws {
        func truth(_ comparison: String, _ value: String, _ change: (inout DownloadItem) -> Void) throws -> Truth {
            try RuleEngineTests.truth(number("RATIO", comparison, value), .fixture(change))
        }
        #expect(try truth("eq", "0") { ($0.ratio, $0.totalUploaded, $0.totalDownloaded) = (0, 200, 100) } == .yes)
        #expect(try truth("eq", "2") { ($0.totalUploaded, $0.totalDownloaded) = (200, 100) } == .yes)
        #expect(try truth("eq", "0") { ($0.totalUploaded, $0.totalDownloaded) = (200, 0) } == .yes)
        #expect(try truth("eq", "0") { $0.totalUploaded = 200 } == .unknown)
        #expect(try truth("eq", "0") { $0.totalDownloaded = 200 } == .unknown)
        #expect(
            try truth("eq", "2") { ($0.hasUnreadableRatio, $0.totalUploaded, $0.totalDownloaded) = (true, 200, 100) }
                == .unknown)
    }

    @Test("ages count hours since, what expires hours until")
    func spans() throws {
        let item = DownloadItem.fixture {
            $0.createdAt = noon.advanced(bySeconds: -36_000)
            $0.cachedAt = noon.advanced(bySeconds: -7_200)
            $0.expiresAt = noon.advanced(bySeconds: 5_400)
        }
        #expect(try truth(number("AGE", "eq", "10"), item) == .yes)
        #expect(try truth(number("SEEDING_TIME", "eq", "2"), item) == .yes)
        #expect(try truth(number("EXPIRES_AT", "eq", "1.5"), item) == .yes)
        #expect(try truth(number("AGE", "lt", "0"), .fixture { $0.createdAt = noon.advanced(bySeconds: 60) }) == .yes)
    }

    @Test("what has expired is within every span and beyond none")
    func expired() throws {
        let item = DownloadItem.fixture { $0.expiresAt = noon.advanced(bySeconds: -1_800) }
        #expect(try truth(number("EXPIRES_AT", "gt", "-1"), item) == .no)
        #expect(try truth(number("EXPIRES_AT", "gte", "-1"), item) == .no)
        #expect(try truth(number("EXPIRES_AT", "lt", "-1"), item) == .yes)
        #expect(try truth(number("EXPIRES_AT", "lte", "24"), item) == .yes)
    }
}
