import DomainModel
import Logging
import Observability
import Registry

/// Runs a poll for the scheduler and turns its ending into the user's next due time.
struct Poller: Sendable {
    let pipeline: PollPipeline
    let userGuard: UserGuard
    let users: UserDirectory
    let schedule: ScheduleWriter
    let statistics: PollStatistics
    let silence: SilenceWatch
    let inactivity: InactivityPolicy
    let policy: PollIntervalPolicy
    let now: @Sendable () -> Timestamp
    let logger: Logger

    @concurrent func poll(_ user: UserID, due: Timestamp, leaving place: PollPlace = .kept) async -> Timestamp? {
        guard let before = users[user], before.isActive, before.hasActiveRules else { return nil }
        guard !inactivity.isInactive(lastSeen: before.lastSeen, at: now()) else {
            // In memory only: after a restart, and when the rule's days change, this is decided anew.
            users.update(user) { $0.pausedReason = InactivityPolicy.reason }
            statistics.countInactive()
            return nil
        }
        let began = ContinuousClock.now
        let result: PollPipeline.Result
        let poll = await userGuard.poll(
            user, conclude: { await pipeline.conclude(user) },
            act: { await pipeline.act(on: $0, of: user, in: $1, leaving: place) })
        switch poll {
        case .made(let made): result = made
        case .put(off: let later): return later
        }
        MetricNames.pollDuration.record(began.duration(to: .now))
        let moment = now()
        var generator = SystemRandom()
        var decision = policy.decide(
            result.outcome, past: before.pollPast, dueBefore: due, at: moment, using: &generator)
        if decision.switchesRulesOff { await switchRulesOff(user, &decision, at: moment) }
        statistics.count(result.outcome, at: moment)
        silence.note(result.outcome, deadline: result.deadline, of: user)
        log(result, decision, before)
        var isSuccess = false
        if case .evaluated = result.outcome {
            isSuccess = true
            await userGuard.book.pollCompleted(user)
        }
        let lastError = isSuccess ? nil : result.reason ?? before.lastError
        users.update(user) {
            $0.pollPast = decision.past
            $0.nextDue = decision.nextDue
            $0.lastPolled = moment
            $0.lastError = lastError
            $0.pausedReason = decision.pausedReason
            if isSuccess { $0.lastSuccess = moment }
        }
        await schedule.add(
            ScheduleUpdate(
                user: user, nextDue: decision.nextDue ?? Self.far, lastPolled: moment,
                lastSuccess: isSuccess ? moment : nil, lastError: lastError,
                failureCount: decision.past.failures, keyRefusals: decision.past.keyRefusals,
                planRefusals: decision.past.planRefusals, pausedReason: decision.pausedReason))
        return decision.nextDue
    }

    private func switchRulesOff(
        _ user: UserID, _ decision: inout PollIntervalPolicy.Decision, at moment: Timestamp
    ) async {
        do {
            let count = try await pipeline.switchOff(user, because: Self.planReason)
            logger.warning(
                "rules switched off, the plan does not include TorBox's API",
                metadata: [LogKey.userID: "\(user.short)", LogKey.count: "\(count)"])
        } catch {
            // The next refusal tries again.
            decision.past.planRefusals = PollIntervalPolicy.planRefusalsBeforeSwitchingOff - 1
            decision.nextDue = moment + policy.refusalInterval
            logger.error(
                "cannot switch rules off", metadata: [LogKey.userID: "\(user.short)", LogKey.error: "\(error)"])
        }
    }

    /// Shown at each rule.
    static let planReason =
        "TorBox says that the account's plan does not include its API; switch the rule on again after upgrading"

    /// Stored for a user who is not to be polled until something changes; an empty column would mean: now.
    static let far = Timestamp(milliseconds: 253_402_300_799_000)

    /// The first failure of a row and its end; those between only when debugging.
    private func log(_ result: PollPipeline.Result, _ decision: PollIntervalPolicy.Decision, _ before: RegisteredUser) {
        let metadata: Logger.Metadata = [
            LogKey.userID: "\(before.id.short)", LogKey.outcome: "\(result.outcome.label)",
            LogKey.reason: "\(result.reason ?? "")", LogKey.attempt: "\(decision.past.failures)",
        ]
        switch result.outcome {
        case .evaluated where before.failureCount > 0:
            logger.notice("polls succeed again", metadata: [LogKey.userID: "\(before.id.short)"])
        case .evaluated, .interrupted: return
        case .unauthorized where decision.pausedReason != nil:
            logger.warning("polling paused, TorBox refuses the key", metadata: metadata)
        case .failed: logger.error("poll failed", metadata: metadata)
        default: logger.log(level: decision.past.failures <= 1 ? .warning : .debug, "poll failed", metadata: metadata)
        }
    }
}

extension RegisteredUser {
    fileprivate var pollPast: PollIntervalPolicy.Past {
        get { .init(failures: failureCount, keyRefusals: keyRefusals, planRefusals: planRefusals) }
        set {
            failureCount = newValue.failures
            keyRefusals = newValue.keyRefusals
            planRefusals = newValue.planRefusals
        }
    }
}
