/// A row of a list: stated by a test, or evolving on a timeline.
struct ListedRow: Sendable {
    enum Source: Sendable {
        case stated(SimulatedItem)
        case evolving(RowTimeline, RowEffects)
    }

    var source: Source

    var id: Int {
        switch source {
        case .stated(let item): item.id
        case .evolving(let row, _): row.id
        }
    }

    var createdAt: Int {
        switch source {
        case .stated(let item): item.createdAt
        case .evolving(let row, _): row.createdAt
        }
    }

    var hash: String {
        switch source {
        case .stated(let item): item.hash
        case .evolving(let row, _): row.hash
        }
    }

    /// When it leaves by itself.
    var removedAt: Int? {
        if case .evolving(let row, _) = source { row.removedAt } else { nil }
    }

    var isEvolving: Bool {
        if case .evolving = source { true } else { false }
    }

    /// The row at a second, as of its last refresh.
    func item(at second: Int, refreshSeconds: Int) -> SimulatedItem {
        switch source {
        case .stated(let item): return item
        case .evolving(let row, let effects):
            let pace = row.kind == .torrent ? refreshSeconds : min(refreshSeconds, 5)
            guard pace > 1 else { return row.item(at: second, effects: effects) }
            let phase = row.refreshPhase % pace
            let refreshed = (second - phase) / pace * pace + phase
            return row.item(at: max(refreshed, row.createdAt), effects: effects)
        }
    }
}
