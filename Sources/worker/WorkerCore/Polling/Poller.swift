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
    private let refusals = RefusalCounts()

    init(
        pipeline: PollPipeline, userGuard: UserGuard, users: UserDirectory, schedule: ScheduleWriter,
        statistics: PollStatistics, silence: SilenceWatch, inactivity: InactivityPolicy, policy: PollIntervalPolicy,
        now: @escaping @Sendable () -> Timestamp, logger: Logger
    ) {
        self.pipeline = pipeline
        self.userGuard = userGuard
        self.users = users
        self.schedule = schedule
        self.statistics = statistics
        self.silence = silence
        self.inactivity = inactivity
        self.policy = policy
        self.now = now
        self.logger = logger
    }

    @concurrent func poll(_ user: UserID, due: Timestamp) async -> Timestamp? {
        guard let before = users[user], before.isActive, before.hasActiveRules else { return nil }
        guard !inactivity.isInactive(lastSeen: before.lastSeen, at: now()) else {
            // In memory only: after a restart, and when the rule's days change, this is decided anew.
            users.update(user) { $0.pausedReason = InactivityPolicy.reason }
            statistics.countInactive()
            return nil
        }
        let began = ContinuousClock.now
        let result: PollPipeline.Result
        switch await userGuard.poll(user, { await pipeline.poll(user) }) {
        case .made(let made): result = made
        case .put(off: let later): return later
        }
        MetricNames.pollDuration.record(began.duration(to: .now))
        let moment = now()
        var generator = SystemRandomNumberGenerator()
        let decision = policy.decide(
            result.outcome, failuresBefore: before.failureCount, refusalsBefore: refusals[user], dueBefore: due,
            at: moment, using: &generator)
        refusals.note(result.outcome, of: user, pauses: decision.pausedReason != nil)
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
            $0.failureCount = decision.failureCount
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
                failureCount: decision.failureCount, pausedReason: decision.pausedReason))
        return decision.nextDue
    }

    /// Stored for a user who is not to be polled until something changes; an empty column would mean: now.
    static let far = Timestamp(milliseconds: 253_402_300_799_000)

    /// The first failure of a row and its end; those between only when debugging.
    private func log(_ result: PollPipeline.Result, _ decision: PollIntervalPolicy.Decision, _ before: RegisteredUser) {
        let metadata: Logger.Metadata = [
            LogKey.userID: "\(before.id.short)", LogKey.outcome: "\(result.outcome.label)",
            LogKey.reason: "\(result.reason ?? "")", LogKey.attempt: "\(decision.failureCount)",
        ]
        switch result.outcome {
        case .evaluated where before.failureCount > 0:
            logger.notice("polls succeed again", metadata: [LogKey.userID: "\(before.id.short)"])
        case .evaluated, .interrupted: return
        case .unauthorized where decision.pausedReason != nil:
            logger.warning("polling paused, TorBox refuses the key", metadata: metadata)
        case .failed: logger.error("poll failed", metadata: metadata)
        default: logger.log(level: decision.failureCount <= 1 ? .warning : .debug, "poll failed", metadata: metadata)
        }
    }
}
