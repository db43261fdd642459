/// What control calls have done to one evolving row; together with the moment it decides what the row shows.
struct RowEffects: Sendable, Equatable {
    /// The row's own second at which seeding was stopped.
    private(set) var seedingStoppedAt: Int?
    private var pausedAt: Int?
    private var pausedSeconds = 0
    var edit: ItemEdit?

    var isPaused: Bool { pausedAt != nil }

    /// The row's own time, which stands still while it is paused.
    func localSecond(at second: Int) -> Int { min(second, pausedAt ?? second) - pausedSeconds }

    mutating func stopSeeding(at second: Int) {
        if seedingStoppedAt == nil { seedingStoppedAt = localSecond(at: second) }
    }

    mutating func pause(at second: Int) {
        if pausedAt == nil { pausedAt = second }
    }

    mutating func resume(at second: Int) {
        guard let pausedAt else { return }
        pausedSeconds += max(0, second - pausedAt)
        self.pausedAt = nil
    }
}
