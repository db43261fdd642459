import DomainModel
import Logging
import Observability
import Registry
import TorBoxClient

/// What a worker does besides requests and polls: writes the schedule, watches for outages, probes during them.
struct BackgroundWork: Sendable {
    let parts: WorkerParts
    let logger: Logger

    /// The longest that a poll's schedule waits to be written.
    static let flushInterval: Duration = .seconds(1)
    /// Between two looks for users whose rules are overdue; short against the shortest interval of a rule.
    static let reviewInterval: Duration = .seconds(15)
    /// Between two writes of who was present. Source: rest-api 2.8.
    static let presenceInterval: Duration = .seconds(30)
    /// Accounts offered to a recovery probe.
    static let probeAccounts = 3

    /// Runs until cancelled.
    func run() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await flushSchedule() }
            group.addTask { await followOutages() }
            group.addTask { await watchForSilence() }
            group.addTask { await writePresence() }
            group.addTask { await beat() }
            group.addTask { await parts.client.runRecoveryProbes { accountsForProbe() } }
        }
    }

    private func flushSchedule() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: Self.flushInterval)  // Cancellation ends the loop.
            await parts.scheduleWriter.flush()
        }
    }

    private func watchForSilence() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: Self.reviewInterval)  // Cancellation ends the loop.
            for user in await parts.userGuard.review() where parts.users.directory[user]?.hasActiveRules == true {
                await parts.scheduler.pollNow(user)
            }
            parts.silence.review(
                parts.users.directory.all, isOutage: parts.client.outage.isPaused,
                isQuarantined: parts.userGuard.book.isQuarantined)
        }
    }

    private func writePresence() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: Self.presenceInterval)  // Cancellation ends the loop.
            await parts.users.presence.flush(at: parts.users.now())
        }
    }

    /// Keeps idle event streams from being taken for dead, and finds those whose client is gone.
    private func beat() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: parts.configuration.heartbeat)  // Cancellation ends the loop.
            parts.events.beat()
        }
    }

    private func followOutages() async {
        for await change in parts.client.outage.changes() {
            let isPaused = change == .paused
            await parts.scheduler.setPaused(isPaused)
            await parts.uploadScheduler.setPaused(isPaused)
            if isPaused {
                logger.warning("TorBox is unreachable, automation pauses")
            } else {
                await parts.uploads.torBoxIsBack()
                logger.notice("TorBox answers again, automation resumes")
            }
        }
    }

    /// Those whose polls succeeded last are the likeliest to have a good key.
    private func accountsForProbe() -> [TorBoxAccount] {
        let candidates = parts.users.directory.all.filter(\.isActive)
            .sorted { ($0.lastSuccess?.milliseconds ?? 0) > ($1.lastSuccess?.milliseconds ?? 0) }
        // A key that cannot be read is no use to a probe; its own polls report it.
        return candidates.prefix(Self.probeAccounts).compactMap { try? parts.users.account($0.id) }
    }
}
