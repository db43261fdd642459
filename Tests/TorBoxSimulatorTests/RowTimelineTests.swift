import Testing

@testable import TorBoxSimulator

@Suite struct RowTimelineTests {
    private static let birth = 1_000_000

    /// Metadata for 10 s, 100 s at 50 and 1000 B/s and nothing between, storing for 20 s, seeding for 100 s.
    private func torrent(_ fate: RowFate = .completes) -> RowTimeline {
        let download = ByteTrack(
            start: Self.birth + 10,
            stretches: [.init(seconds: 40, speed: 50), .init(seconds: 20, speed: 0), .init(seconds: 40, speed: 1_000)])
        let upload = ByteTrack(
            start: Self.birth + 130, stretches: [.init(seconds: 60, speed: 1_050), .init(seconds: 40, speed: 0)])
        return RowTimeline(
            kind: .torrent, id: 7, hash: "ab", name: "Harbour", createdAt: Self.birth, size: download.total, fate: fate,
            metadataUntil: Self.birth + 10, download: download, storedAt: Self.birth + 130, upload: upload, seeds: 5,
            peers: 2)
    }

    private func item(_ row: RowTimeline, after seconds: Int, _ effects: RowEffects = RowEffects()) -> SimulatedItem {
        row.item(at: Self.birth + seconds, effects: effects)
    }

    @Test("a torrent passes through its states in order") func states() {
        let expected: [(Int, String, Bool, Bool, Bool)] = [
            (0, "checkingResumeData", true, false, false), (5, "metaDL", true, false, false),
            (10, "downloading", true, false, false), (55, "stalled (no seeds)", true, false, false),
            (80, "downloading", true, false, false), (110, "completed", true, true, false),
            (130, "uploading", true, true, true), (195, "uploading (no peers)", true, true, true),
            (230, "completed", false, true, true), (130 + 30 * 86_400, "expired", false, true, false),
        ]
        for (seconds, state, active, finished, present) in expected {
            let shown = item(torrent(), after: seconds)
            #expect(shown.downloadState == state, "after \(seconds) s")
            #expect(shown.active == active, "after \(seconds) s")
            #expect(shown.downloadFinished == finished, "after \(seconds) s")
            #expect(shown.downloadPresent == present, "after \(seconds) s")
        }
    }

    @Test("before metadata the name is the hash and the size 0") func metadata() {
        let shown = item(torrent(), after: 3)
        #expect(shown.name == "ab")
        #expect(shown.size == 0)
        #expect(item(torrent(), after: 10).name == "Harbour")
    }

    @Test("within a stretch the counters move by the speed that is shown") func speeds() {
        for (start, end) in [(12, 40), (75, 100)] {
            let before = item(torrent(), after: start)
            let after = item(torrent(), after: end)
            #expect(after.totalDownloaded - before.totalDownloaded == (end - start) * before.downloadSpeed)
        }
        let seeding = (item(torrent(), after: 140), item(torrent(), after: 170))
        #expect(seeding.1.totalUploaded - seeding.0.totalUploaded == 30 * 1_050)
        #expect(item(torrent(), after: 190).ratio == 1.5)
    }

    @Test("a seeding that is stopped rests at once, keeps its ratio and never grows again") func stopSeeding() {
        var effects = RowEffects()
        effects.stopSeeding(at: Self.birth + 150)
        for seconds in [150, 151, 1_000] {
            let shown = item(torrent(), after: seconds, effects)
            #expect(shown.downloadState == "stopped seeding")
            #expect(!shown.active)
            #expect(shown.downloadPresent)
            #expect(shown.totalUploaded == 20 * 1_050)
            #expect(shown.uploadSpeed == 0)
        }
    }

    @Test("a stop before completion means that seeding never begins") func earlyStop() {
        var effects = RowEffects()
        effects.stopSeeding(at: Self.birth + 20)
        #expect(item(torrent(), after: 30, effects).downloadState == "downloading")
        let shown = item(torrent(), after: 200, effects)
        #expect(shown.totalUploaded == 0)
        #expect(!shown.active)
    }

    @Test("a pause stops the row's time and a resume goes on where it stood") func pause() {
        var effects = RowEffects()
        effects.pause(at: Self.birth + 20)
        let paused = item(torrent(), after: 60, effects)
        #expect(paused.downloadState == "paused")
        #expect(!paused.active)
        #expect(paused.totalDownloaded == 10 * 50)
        effects.resume(at: Self.birth + 100)
        let resumed = item(torrent(), after: 110, effects)
        #expect(resumed.downloadState == "downloading")
        #expect(resumed.totalDownloaded == 20 * 50)
        #expect(resumed.updatedAt == Self.birth + 110)
    }

    @Test(
        "a download that does not complete ends in its own way",
        arguments: [
            (RowFate.stallsForever, "stalled (no seeds)", true), (.pausedByUser, "paused", false),
            (.fails, "error", false),
            (.incomplete, "incomplete", false),
        ])
    func failures(fate: RowFate, state: String, active: Bool) {
        var row = torrent(fate)
        row.size *= 2
        let shown = item(row, after: 100_000)
        #expect(shown.downloadState == state)
        #expect(shown.active == active)
        #expect(!shown.downloadFinished)
        #expect(shown.progress == 0.5)
        #expect(shown.eta == 8_640_000)
    }

    @Test("files can get lost and counters can restart") func losses() {
        var row = torrent(.losesFiles)
        row.losesFilesAt = Self.birth + 500
        row.restartsAt = Self.birth + 300
        #expect(item(row, after: 299).totalUploaded > 0)
        #expect(item(row, after: 300).totalUploaded == 0)
        let lost = item(row, after: 500)
        #expect(lost.downloadState == "missingFiles")
        #expect(lost.downloadFinished)
        #expect(!lost.downloadPresent)
    }

    @Test("usenet is repaired and extracted, web downloads are processed, and neither seeds") func otherKinds() {
        var row = torrent()
        row.kind = .usenet
        row.metadataUntil = Self.birth
        #expect(item(row, after: 115).downloadState == "repairing")
        #expect(item(row, after: 125).downloadState == "extracting")
        #expect(item(row, after: 140).downloadState == "completed")
        #expect(!item(row, after: 140).active)
        row.kind = .webDownload
        #expect(item(row, after: 115).downloadState == "processing")
        row.fate = .fails
        #expect(item(row, after: 115).errorText == "The link is offline.")
    }

    @Test("a row is shown as of its last refresh") func refresh() {
        let row = ListedRow(source: .evolving(torrent(), RowEffects()))
        // Refreshes fall on multiples of 600 s; the birth is 400 s after one.
        let first = row.item(at: Self.birth + 150, refreshSeconds: 600)
        #expect(first.updatedAt == Self.birth)
        #expect(first.downloadState == "checkingResumeData")
        let second = row.item(at: Self.birth + 700, refreshSeconds: 600)
        #expect(second.updatedAt == Self.birth + 200)
        #expect(second == torrent().item(at: Self.birth + 200, effects: RowEffects()))
    }

    @Test("each oddity changes how the row is written", arguments: RowOddity.allCases) func oddities(oddity: RowOddity)
    {
        func written(_ row: RowTimeline) -> [UInt8] {
            var writer = RowWriter()
            writer.row(item(row, after: 140), accountID: "a")
            return writer.json.bytes
        }
        var odd = torrent()
        odd.oddity = oddity
        #expect(written(odd) != written(torrent()))
    }
}
