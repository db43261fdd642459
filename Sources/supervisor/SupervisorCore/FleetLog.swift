import Logging
import Observability

/// Puts what happens to children into log lines.
struct FleetLog: Sendable {
    private let logger: Logger

    init(_ logger: Logger) { self.logger = logger }

    /// A logger whose lines carry the child's name.
    func logger(for child: ChildID) -> Logger {
        var result = logger
        result[metadataKey: LogKey.childID] = "\(child)"
        return result
    }

    func write(_ announcement: ChildAnnouncement, of child: ChildID) {
        let logger = logger(for: child)
        switch announcement {
        case .ready(let after):
            logger.notice("child ready", metadata: [LogKey.durationMilliseconds: "\(after.milliseconds)"])
        case .reportedFailure(let reason):
            logger.error("child reported a failure", metadata: [LogKey.reason: "\(reason)"])
        case .hung(let after):
            logger.error("child hangs and is aborted", metadata: [LogKey.durationMilliseconds: "\(after.milliseconds)"])
        case .bootTimedOut(let after):
            logger.error(
                "child did not become ready and is ended",
                metadata: [LogKey.durationMilliseconds: "\(after.milliseconds)"])
        case .killed: logger.warning("child killed")
        case .died(let death): writeDeath(death, logger)
        case .restarting(let attempt, let delay):
            logger.notice(
                "child restarts", metadata: [LogKey.attempt: "\(attempt)", LogKey.delay: "\(delay.milliseconds)ms"])
        case .quarantined(let probeAfter):
            logger.error(
                "child quarantined, it died too often", metadata: [LogKey.delay: "\(probeAfter.milliseconds)ms"])
        case .recovered: logger.notice("child recovered, quarantine lifted")
        case .drained: logger.notice("child drained")
        case .ended(let death): logger.info("child ended", metadata: [LogKey.status: "\(Self.words(death))"])
        }
    }

    func write(failure: String) { logger.error("change failed", metadata: [LogKey.reason: "\(failure)"]) }

    private func writeDeath(_ death: ChildAnnouncement.Death, _ logger: Logger) {
        switch death {
        case .exited(let status): logger.warning("child died", metadata: [LogKey.status: "\(status)"])
        case .notStarted(let reason): logger.error("child not started", metadata: [LogKey.reason: "\(reason)"])
        }
    }

    private static func words(_ death: ChildAnnouncement.Death) -> String {
        switch death {
        case .exited(let status): "\(status)"
        case .notStarted(let reason): reason
        }
    }
}

extension Duration {
    /// Whole milliseconds, rounded down.
    var milliseconds: Int64 { components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000 }
}
