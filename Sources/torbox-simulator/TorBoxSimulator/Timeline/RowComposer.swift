/// Draws the rows of a generated library.
struct RowComposer {
    let library: GeneratedLibrary
    let seed: UInt64
    let account: UInt64
    let base: Int

    func births() -> [LibraryBirth] {
        var births: [LibraryBirth] = []
        for (ordinal, kind) in AssetKind.allCases.enumerated() {
            births += rows(of: kind, ordinal: UInt64(ordinal)).map {
                LibraryBirth(second: $0.createdAt, content: .row($0))
            }
        }
        return births + queue().map { LibraryBirth(second: $0.createdAt, content: .queued($0)) }
    }

    /// The rows of one kind, oldest first, with ids that rise with the age of creation.
    private func rows(of kind: AssetKind, ordinal: UInt64) -> [RowTimeline] {
        let count = library.count(of: kind)
        var drafts: [(createdAt: Int, index: Int)] = []
        for index in 0..<max(count, 0) {
            var generator = SeededGenerator(seed, account, ordinal, UInt64(index), 1)
            drafts.append((creation(of: index, in: count, &generator), index))
        }
        drafts.sort { ($0.createdAt, $0.index) < ($1.createdAt, $1.index) }
        return drafts.enumerated().map { rank, draft in
            var generator = SeededGenerator(seed, account, ordinal, UInt64(draft.index), 2)
            let id = Self.firstID(of: kind) + rank * 3 + Int.random(in: 0..<3, using: &generator)
            return row(kind, id: id, createdAt: draft.createdAt, &generator)
        }
    }

    /// Different ranges, as in the service; that ids of two kinds coincide is a fault one asks for.
    static func firstID(of kind: AssetKind) -> Int {
        switch kind {
        case .torrent: 8_000_000
        case .usenet: 4_000_000
        case .webDownload: 3_000_000
        }
    }

    private func creation(of index: Int, in count: Int, _ generator: inout SeededGenerator) -> Int {
        if generator.chance(library.arrivalFraction) {
            return base + Int.random(in: 1...max(library.arrivalSeconds, 1), using: &generator)
        }
        let age = 1 - (Double(index) + Double.random(in: 0..<1, using: &generator)) / Double(count)
        return base - Int(age * age * age * Double(library.spreadDays) * 86_400)
    }

    private func row(_ kind: AssetKind, id: Int, createdAt: Int, _ generator: inout SeededGenerator) -> RowTimeline {
        let fate = RowFate.drawn(from: &generator)
        let metadata = kind == .torrent ? Int.random(in: 5...180, using: &generator) : 0
        let start = createdAt + metadata
        let download = ByteTrack(start: start, stretches: downloads(fate, &generator))
        let storedAt = download.end + Int.random(in: 20...600, using: &generator)
        let upload = ByteTrack(start: storedAt, stretches: kind == .torrent ? uploads(&generator) : [])
        var row = RowTimeline(
            kind: kind, id: id, hash: generator.hex(digits: kind == .torrent ? 40 : 32),
            name: ItemNames.drawn(from: &generator), createdAt: createdAt, size: download.total, fate: fate,
            metadataUntil: fate == .neverFindsMetadata && kind == .torrent ? .max : start, download: download,
            storedAt: storedAt, upload: upload)
        complete(&row, &generator)
        return row
    }

    /// Fills in what does not shape the timeline, and the size of a download that will not end.
    private func complete(_ row: inout RowTimeline, _ generator: inout SeededGenerator) {
        if row.fate == .cachedAtOnce { row.size = Int(generator.logarithmic(2e8, 1e11)) }
        if !row.fate.downloadsEverything, row.fate != .cachedAtOnce {
            row.size = row.size + row.size / Int.random(in: 1...20, using: &generator) + 1_000_000
        }
        row.seeds = Int.random(in: 1...120, using: &generator)
        row.peers = Int.random(in: 0...60, using: &generator)
        row.server = Int.random(in: 1...90, using: &generator)
        row.fileCount = generator.chance(0.5) ? 1 : Int.random(in: 1...max(library.maximumFiles, 1), using: &generator)
        row.isPrivate = row.kind == .torrent && generator.chance(0.15)
        row.airlocked = generator.chance(0.03)
        if generator.chance(0.3) { row.tags = [ItemNames.pick(ItemNames.words, &generator).lowercased()] }
        row.refreshPhase = Int.random(in: 0..<600, using: &generator)
        if generator.chance(library.oddFraction) { row.oddity = RowOddity.allCases.randomElement(using: &generator) }
        if row.fate == .losesFiles {
            row.losesFilesAt = row.upload.end + Int.random(in: 3_600...259_200, using: &generator)
        }
        if generator.chance(library.restartFraction) {
            row.restartsAt = row.storedAt + Int.random(in: 60...86_400, using: &generator)
        }
        if generator.chance(library.removalFraction) {
            row.removedAt = row.createdAt + Int.random(in: 3_600...1_728_000, using: &generator)
        }
    }

    private func downloads(_ fate: RowFate, _ generator: inout SeededGenerator) -> [ByteTrack.Stretch] {
        guard fate != .cachedAtOnce else { return [] }
        let usual = generator.logarithmic(2.5e5, 2e7)
        // The last stretch always moves, so that no row is empty.
        let last = ByteTrack.Stretch(seconds: Int.random(in: 60...2_000, using: &generator), speed: Int(usual))
        return (0..<Int.random(in: 1...5, using: &generator)).map { _ -> ByteTrack.Stretch in
            if generator.chance(0.1) {
                return .init(seconds: Int.random(in: 600...20_000, using: &generator), speed: 0)
            }
            let speed = usual * Double.random(in: 0.3..<1.7, using: &generator)
            return .init(seconds: Int.random(in: 60...4_000, using: &generator), speed: Int(speed))
        } + [last]
    }

    private func uploads(_ generator: inout SeededGenerator) -> [ByteTrack.Stretch] {
        (0..<Int.random(in: 2...8, using: &generator)).map { _ in
            let seconds = Int.random(in: 600...40_000, using: &generator)
            return .init(seconds: seconds, speed: generator.chance(0.35) ? 0 : Int(generator.logarithmic(1e3, 5e6)))
        }
    }

    private func queue() -> [SimulatedQueueItem] {
        (0..<max(library.queued, 0)).map { index in
            var generator = SeededGenerator(seed, account, 99, UInt64(index))
            let age = (library.queued - index) * 900
            var item = SimulatedQueueItem(
                ItemNames.drawn(from: &generator), id: 50_000 + index * 2, hash: generator.hex(digits: 40),
                createdAt: base - age)
            if generator.chance(0.2) { item.nameOverride = "My own name" }
            return item
        }
    }
}
