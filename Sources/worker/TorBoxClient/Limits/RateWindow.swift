/// Pace of one key at one endpoint. Pure: the time is always given, as uptime.
///
/// Requests are spread evenly (a virtual schedule: each takes the next free moment), what TorBox reports as remaining
/// is never used below the reserve, and a refusal closes the window for as long as it asks.
struct RateWindow: Sendable, Equatable {
    enum Reservation: Sendable, Equatable {
        /// The request is entered in the schedule and may go after that wait.
        case go(after: Duration)
        /// Nothing was entered; the earliest moment is that far away.
        case refused(retryAfter: Duration)
    }

    private struct Headroom: Sendable, Equatable {
        var left: Int
        var until: Duration
    }

    /// Used when a refusal names no time.
    static let defaultBlock: Duration = .seconds(60)

    private let pace: RatePace
    private var scheduledUpTo: Duration = .zero
    private var blockedUntil: Duration = .zero
    private var headroom: Headroom?
    private(set) var inFlight = 0

    init(pace: RatePace) { self.pace = pace }

    /// How long a request would have to wait now.
    func wait(at now: Duration) -> Duration { start(at: now) - now }

    /// Enters one request in the schedule when it may go within `maximumWait`.
    mutating func reserve(at now: Duration, within maximumWait: Duration) -> Reservation {
        let start = start(at: now)
        guard start - now <= maximumWait else { return .refused(retryAfter: start - now) }
        scheduledUpTo = max(scheduledUpTo, start) + pace.interval
        if let room = headroom, room.until > start { headroom?.left = room.left - 1 }
        inFlight += 1
        return .go(after: start - now)
    }

    /// Time that a request which has its place must still hold back, because the window was closed meanwhile.
    func remainingBlock(at now: Duration) -> Duration { max(.zero, blockedUntil - now) }

    /// What TorBox last said is left, ours alone; nil when it has said nothing that still holds.
    func remainingCalls(at now: Duration) -> Int? {
        guard let room = headroom, room.until > now else { return nil }
        return max(0, room.left)
    }

    /// A reserved request did not go.
    mutating func giveBack() {
        inFlight = max(0, inFlight - 1)
        scheduledUpTo -= pace.interval
        if let room = headroom { headroom?.left = room.left + 1 }
    }

    /// A request ended; `observation` is nil when there was no answer.
    mutating func finish(_ observation: RateObservation?, at now: Duration) {
        inFlight = max(0, inFlight - 1)
        guard let observation else { return }
        if observation.isRefusal {
            let wait = observation.retryAfter ?? observation.reset ?? Self.defaultBlock
            blockedUntil = max(blockedUntil, now + max(wait, .seconds(1)))
            headroom = nil
        } else if observation.remaining == 0, let wait = observation.retryAfter ?? observation.reset {
            blockedUntil = max(blockedUntil, now + wait)
        } else if let remaining = observation.remaining {
            learn(remaining: remaining, observation, at: now)
        }
    }

    /// Nothing is under way, and forgetting the window changes nothing.
    func isIdle(at now: Duration) -> Bool {
        inFlight == 0 && scheduledUpTo <= now && blockedUntil <= now && (headroom?.until ?? .zero) <= now
    }

    private mutating func learn(remaining: Int, _ observation: RateObservation, at now: Duration) {
        let until = now + (observation.reset ?? .seconds(60))
        let kept = observation.limit.map(pace.kept(of:)) ?? 0
        // Requests still under way will be taken off what TorBox has just reported.
        var left = remaining - kept - inFlight
        // Answers overtake each other: within one window the smaller figure is the later one.
        if let known = headroom, known.until > now, until - known.until < .seconds(1) { left = min(left, known.left) }
        headroom = Headroom(left: left, until: until)
    }

    private func start(at now: Duration) -> Duration {
        let tolerance = pace.interval * (pace.burst - 1)
        let earliest = max(now, blockedUntil, scheduledUpTo - tolerance)
        guard let room = headroom, room.left <= 0, room.until > earliest else { return earliest }
        return room.until
    }
}
