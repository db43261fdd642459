/// The endless births of a demo library.
struct DemoSchedule: Sendable {
    private let period: Int
    private let seed: UInt64
    private let account: UInt64
    private let base: Int
    /// How many rows of each role have been born.
    private var born = [Int](repeating: 0, count: DemoRole.allCases.count)

    init(library: DemoLibrary, seed: UInt64, account: UInt64, base: Int) {
        period = library.period
        self.seed = seed
        self.account = account
        self.base = base
    }

    mutating func births(through second: Int) -> [LibraryBirth] {
        var births: [LibraryBirth] = []
        for role in DemoRole.allCases {
            while birthSecond(of: role, generation: born[role.rawValue]) <= second {
                births.append(birth(of: role, generation: born[role.rawValue]))
                born[role.rawValue] += 1
            }
        }
        return births.sorted { ($0.second, $0.tieBreaker) < ($1.second, $1.tieBreaker) }
    }

    /// The first two generations are older than the library, so that every role is filled and under way at the start.
    private func birthSecond(of role: DemoRole, generation: Int) -> Int {
        let stagger = role.rawValue * period / DemoRole.allCases.count
        return base - 2 * period + stagger + generation * period + 1
    }

    private func birth(of role: DemoRole, generation: Int) -> LibraryBirth {
        let second = birthSecond(of: role, generation: generation)
        var generator = SeededGenerator(seed, account, UInt64(role.rawValue), UInt64(generation))
        let name = "\(role.title).E\(generation + 1)"
        let number = generation * DemoRole.allCases.count + role.rawValue
        if role == .queued {
            var item = SimulatedQueueItem(name, id: 50_000 + number, hash: generator.hex(digits: 40), createdAt: second)
            item.startsAt = second + 2 * period
            item.livesFor = period
            return LibraryBirth(second: second, content: .queued(item))
        }
        let id = RowComposer.firstID(of: role.kind) + number
        return LibraryBirth(second: second, content: .row(row(role, id: id, name: name, at: second, &generator)))
    }

    private func row(
        _ role: DemoRole, id: Int, name: String, at second: Int, _ generator: inout SeededGenerator
    ) -> RowTimeline {
        let metadata = role.kind == .torrent ? 3 : 0
        let speed = Int.random(in: 8_000_000...20_000_000, using: &generator)
        let seconds = role == .downloading ? 2 * period - 20 : max(period / 20, 10)
        let download = ByteTrack(start: second + metadata, stretches: [.init(seconds: seconds, speed: speed)])
        var row = RowTimeline(
            kind: role.kind, id: id, hash: generator.hex(digits: role.kind == .torrent ? 40 : 32), name: name,
            createdAt: second, size: download.total, fate: .completes, metadataUntil: second + metadata,
            download: download, storedAt: download.end + 4, upload: ByteTrack(start: download.end + 4, stretches: []))
        shape(&row, for: role)
        row.removedAt = second + 2 * period
        row.seeds = Int.random(in: 3...60, using: &generator)
        row.peers = Int.random(in: 1...30, using: &generator)
        row.tags = role == .completed ? ["music"] : []
        return row
    }

    private func shape(_ row: inout RowTimeline, for role: DemoRole) {
        switch role {
        case .seeding, .privateSeeding:
            // The ratio passes 1 after half a period, and 3 before the row leaves.
            let speed = max(row.size * 2 / period, 1)
            row.upload.stretches = [.init(seconds: 2 * period, speed: role == .seeding ? speed : speed / 3)]
            row.isPrivate = role == .privateSeeding
        case .stalled:
            row.fate = .stallsForever
            row.size = row.size * 3
        default: break
        }
    }
}

extension LibraryBirth {
    /// Orders births of one second.
    fileprivate var tieBreaker: Int {
        switch content {
        case .row(let row): row.id
        case .queued(let item): item.id
        }
    }
}
