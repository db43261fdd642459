import Logging
import Observability

/// Keeps systemd informed while the house stands: the line of `systemctl status`, the watchdog, more time while
/// starting.
struct SystemdReporter: Sendable {
    /// Between two lines of status, at the most.
    private static let pace: Duration = .seconds(2)
    /// Asked for again at every turn; what hangs while starting is found by the children's own limits.
    static let moreTime: Duration = .seconds(30)

    let notifier: SystemdNotifier
    /// Nil when systemd watches nothing.
    let watchdogLimit: Duration?
    let board: FleetBoard
    let logger: Logger

    /// Reports until cancelled.
    func run() async {
        var starving = false
        var latest = ""
        while !Task.isCancelled {
            let now = ContinuousClock.now
            let status = board.status(at: now)
            let text = StatusLine.text(status)
            var messages: [SystemdNotifier.Message] = []
            if text != latest { messages.append(.status(text)) }
            latest = text
            if status.state == "starting" { messages.append(.extendTimeout(Self.moreTime)) }
            if watchdogLimit != nil, feeds(board.machine, status, at: now, &starving) { messages.append(.watchdog) }
            if !messages.isEmpty { notifier.send(messages) }
            // Cancelled early, the loop's condition ends it.
            try? await Task.sleep(for: pause)
        }
    }

    /// Asks for more time until cancelled: preparing the data may take minutes.
    static func extendStart(_ notifier: SystemdNotifier) async {
        notifier.send(.status("preparing the data"))
        while !Task.isCancelled {
            notifier.send(.extendTimeout(moreTime))
            // Cancelled early, the loop's condition ends it.
            try? await Task.sleep(for: moreTime / 3)
        }
    }

    /// Three times within the limit, so that one late turn costs nothing.
    private var pause: Duration { min(Self.pace, (watchdogLimit ?? .seconds(60)) / 3) }

    private func feeds(
        _ machine: FleetStateMachine, _ status: FleetStatus, at now: ContinuousClock.Instant, _ starving: inout Bool
    ) -> Bool {
        switch WatchdogPolicy.verdict(WatchdogPolicy.Facts(machine, status, at: now)) {
        case .feed:
            if starving { logger.notice("watchdog is fed again") }
            starving = false
            return true
        case .starve(let reason):
            if !starving { logger.error("watchdog is not fed", metadata: [LogKey.reason: "\(reason)"]) }
            starving = true
            return false
        }
    }
}
