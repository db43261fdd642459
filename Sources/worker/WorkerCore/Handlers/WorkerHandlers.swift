import DomainModel
import Registry
import TorBoxClient
import UserStore
import WireProtocol

/// Operations about the whole worker.
struct WorkerHandlers: Sendable {
    let users: UserAccess
    let client: TorBoxClient
    let statistics: PollStatistics
    let silence: SilenceWatch
    let quarantine: QuarantineBook
    let sentinel: ContractSentinel
    let parking: ParkingWatch
    let breaker: DestructionBreaker
    let configuration: WorkerConfiguration

    /// Pollers listed at most; the frontend reads none of them.
    static let pollersShown = 100

    /// Goes all the way to the registry: what `/ready` and the supervisor's watchdog rely on.
    @concurrent func probe() async throws -> Response {
        _ = try await users.registry.anyKey()
        return Reply.success()
    }

    @concurrent func countUsers() async throws -> Response {
        let count = users.directory.activeCount
        return Reply.document { $0.member("activeUsers", count) }
    }

    /// This worker's share of `/api/backend/status` (rest-api 1.2).
    @concurrent func status() async throws -> Response {
        let scheduler = await users.scheduler.status()
        let pollers = await pollers()
        let counts = statistics.counts
        let pool = users.pool.statistics
        return Reply.document { json in
            json.member(
                "pollingScheduler",
                object: {
                    $0.member("isRunning", true)
                    $0.member("activePollers", scheduler.scheduled + scheduler.running)
                    $0.member("torboxApi", object: { writeOutage(to: &$0) })
                    $0.member("pollers", array: { list in pollers.forEach { Self.write($0, to: &list) } })
                    $0.member("metrics", object: { Self.write(counts, to: &$0) })
                    $0.member("overdue", object: { writeOverdue(to: &$0) })
                    $0.member("quarantine", object: { $0.member("users", quarantine.quarantined.count) })
                    $0.member("contract", object: { writeContract(to: &$0) })
                    $0.member("parked", object: { writeParked(to: &$0) })
                    $0.member("breaker", object: { writeBreaker(to: &$0) })
                    $0.member("configuration", object: { writeConfiguration(to: &$0) })
                    $0.member("memoryCaches", object: { $0.member("pollers", scheduler.scheduled) })
                    $0.member("inactivityFilter", object: { writeInactivity(counts, to: &$0) })
                })
            json.member("connectionPool", object: { Self.write(pool, to: &$0) })
        }
    }

    // MARK: Parts

    private struct PollerState {
        var user: UserID
        var isPolling: Bool
        var lastPolled: Timestamp?
        var lastError: String?
        var pausedReason: String?
        var overdueReason: String?
        var frozenReason: String?
    }

    private func pollers() async -> [PollerState] {
        var states: [PollerState] = []
        for record in users.directory.all where record.hasActiveRules && record.isActive {
            guard states.count < Self.pollersShown else { break }
            let isPolling = await users.scheduler.isPolling(record.id)
            states.append(
                PollerState(
                    user: record.id, isPolling: isPolling, lastPolled: record.lastPolled, lastError: record.lastError,
                    pausedReason: quarantine.isQuarantined(record.id) ? "quarantine" : record.pausedReason,
                    overdueReason: silence.reason(of: record.id)?.rawValue,
                    frozenReason: sentinel.reason(of: record.id)))
        }
        return states
    }

    private func writeOutage(to json: inout JSONWriter) {
        let isPaused = client.outage.isPaused
        json.member("mode", isPaused ? "paused" : "active")
        json.member("automationPaused", isPaused)
        json.member("pauseReason", isPaused ? "torbox_unreachable" : nil)
        json.member("minPauseMs", configuration.outageMinimumPause.wholeMilliseconds)
        json.member("recoveryIntervalMs", configuration.outageProbeInterval.wholeMilliseconds)
    }

    /// Users whose rules were not evaluated within twice their interval, by reason.
    private func writeOverdue(to json: inout JSONWriter) {
        let reasons = silence.reasons
        json.member("users", silence.overdueCount)
        json.member(
            "reasons",
            object: { for reason in SilencePolicy.Reason.allCases { $0.member(reason.rawValue, reasons[reason] ?? 0) } }
        )
    }

    private func writeContract(to json: inout JSONWriter) {
        let summary = sentinel.summary { users.directory[$0] != nil }
        json.member("frozenUsers", summary.frozenUsers)
        json.member("episodes", summary.episodes)
    }

    /// Who is not polled because they are away. Decided when a user is due, so there are no cycles to tell of.
    private func writeInactivity(_ counts: PollStatistics.Counts, to json: inout JSONWriter) {
        let candidates = users.directory.all.filter { $0.isActive && $0.hasActiveRules }
        let now = users.now()
        let away = candidates.count { users.inactivity.isInactive(lastSeen: $0.lastSeen, at: now) }
        json.member("enabled", users.inactivity.days > 0)
        json.member("inactiveUserDays", users.inactivity.days)
        json.member("lastCycleEligible", candidates.count - away)
        json.member("lastCycleSkippedInactive", away)
        json.member("totalSkippedScheduled", counts.inactive)
        json.member("totalSkippedManual", 0)
        json.member("totalSkippedQueue", 0)
    }

    /// Batches that wait for their users' decision.
    private func writeParked(to json: inout JSONWriter) {
        json.member("openBatches", parking.openBatches(where: users.directory.isAutomated))
    }

    private func writeBreaker(to json: inout JSONWriter) {
        let summary = breaker.summary
        json.member("isOpen", summary.openedAt != nil)
        json.member("openWorkers", summary.openedAt == nil ? 0 : 1)
        json.member("openedAt", summary.openedAt?.iso8601)
        json.member("surgingUsers", summary.surging)
        json.member("episodes", summary.episodes)
    }

    private func writeConfiguration(to json: inout JSONWriter) {
        json.member("maxConcurrentPolls", configuration.concurrentPolls)
        json.member("pollKickoutMs", configuration.pollTimeout.wholeMilliseconds)
        json.member(
            "minPollIntervalMs",
            Int(Double(RuleSchedule.defaultIntervalMinutes * 60_000) * configuration.intervalMultiplier))
    }

    /// Open to everybody, so a user is named by the first eight digits only.
    private static func write(_ state: PollerState, to json: inout JSONWriter) {
        json.object {
            $0.member("authId", state.user.short)
            $0.member("isPolling", state.isPolling)
            $0.member("lastPollAt", state.lastPolled?.iso8601)
            $0.member("lastPollError", state.lastError == nil ? nil : "the last poll failed")
            $0.member("pausedReason", state.pausedReason)
            $0.member("overdueReason", state.overdueReason)
            $0.member("frozenReason", state.frozenReason)
        }
    }

    private static func write(_ counts: PollStatistics.Counts, to json: inout JSONWriter) {
        json.member("totalPolls", counts.total)
        json.member("successfulPolls", counts.successful)
        json.member("failedPolls", counts.failed)
        json.member("skippedPolls", counts.skipped)
        json.member("timeoutPolls", 0)
        json.member("lastPollAt", counts.lastPollAt?.iso8601)
        // The gateway computes it for all workers together.
        json.member("successRate", "0.00%")
    }

    private static func write(_ pool: PoolStatistics, to json: inout JSONWriter) {
        json.member("size", pool.open)
        json.member("currentSize", pool.open)
        json.member("maxSize", pool.limit)
        json.member("inUse", pool.inUse)
        json.member("idle", pool.open - pool.inUse)
        json.member("available", pool.limit - pool.inUse)
        // The gateway computes these for all workers together.
        json.member("usagePercent", 0)
        json.member("status", "healthy")
        json.member(
            "metrics",
            object: {
                $0.member("hits", pool.hits)
                $0.member("misses", pool.misses)
                $0.member("evictions", pool.evictions)
                $0.member("hitRate", "0.00%")
            })
    }
}
