import DomainModel
import Logging
import Observability
import RuleEngine
import TorBoxClient
import UserStore

/// Carries planned runs out: intent is committed before each call, outcome after it.
///
/// Just before a call the rule must still be enabled and of the same revision (the journal checks that in the
/// transaction that marks the action as sent), a destructive one's item must not be protected, and an item read longer
/// ago than two minutes is read again and must still match.
struct ActionRunner: Sendable {
    let users: UserAccess
    let client: TorBoxClient
    let events: EventHub
    /// Whether work for that user is to end at the next safe point.
    let isStopping: @Sendable (UserID) -> Bool
    /// Asked again before each call: the breaker may open during a long run.
    let breaker: DestructionBreaker
    let concurrency: Int
    let logger: Logger

    /// How a poll's actions ended.
    struct Ending: Sendable {
        /// Nil: everything that could be tried was.
        var outcome: PollOutcome?
        var reason: String?
        /// Rules whose runs were cut short; they are to be evaluated again soon.
        var unfinishedRules: [RuleID] = []
        /// Of every run, also those cut short.
        var summaries: [RuleID: RunSummary] = [:]
    }

    /// A destructive call relies on a row at most this old. Source: architecture 7.6.
    static let freshnessMilliseconds: Int64 = 120_000

    /// - Parameter turns: Everything but waiting for TorBox is done in them.
    func carryOut(
        _ runs: [PlannedRun], for account: TorBoxAccount, context: EvaluationContext, fetchedAt: Timestamp,
        in turns: some WorkTurns
    ) async -> Ending {
        var ending = Ending()
        let basis = Basis(account: account, context: context, fetchedAt: fetchedAt)
        for run in runs {
            var summary = RunSummary(run)
            do {
                try await carryOut(run, on: basis, in: turns, &summary, &ending)
            } catch {
                ending.outcome = .failed
                ending.reason = "\(error)"
            }
            ending.summaries[run.program.id] = summary
            if ending.outcome != nil && !run.steps.isEmpty { ending.unfinishedRules.append(run.program.id) }
        }
        return ending
    }

    /// For whom, and what was known when it was decided.
    private struct Basis {
        var account: TorBoxAccount
        var context: EvaluationContext
        var fetchedAt: Timestamp

        var user: UserID { account.user }
    }

    private typealias Outcome = (step: PlannedRun.Step, result: StepResult)

    /// Each chunk's outcomes are committed together with the next one's intents, or with the run's log entry: before anything
    /// else is sent, and in half the transactions.
    private func carryOut(
        _ run: PlannedRun, on basis: Basis, in turns: some WorkTurns, _ summary: inout RunSummary,
        _ ending: inout Ending
    ) async throws {
        var unwritten: [Outcome] = []
        var cut: String?
        var rest = run.steps[...]
        while !rest.isEmpty {
            if let bar = bar(ending, cut: cut, basis.user) {
                let dropped = rest.map { ($0, bar) }
                note(dropped, &summary, &ending, &cut)
                unwritten += dropped
                break
            }
            let chunk = Array(rest.prefix(chunkSize(run.action)))
            rest = rest.dropFirst(chunk.count)
            guard run.action.tagIDs.isEmpty else {
                note(try await turns.work { try await tag(chunk, in: run, basis.user) }, &summary, &ending, &cut)
                continue
            }
            let before = unwritten
            let (cleared, settled) = try await turns.work {
                try await prepare(chunk, in: run, on: basis, writing: before)
            }
            unwritten = settled + (await perform(cleared, run.action, for: basis.account, in: turns))
            note(unwritten, &summary, &ending, &cut)
        }
        let (last, final) = (unwritten, summary)
        try await turns.work { try await record(run, final, writing: last, basis.user) }
    }

    /// What becomes of all that is left when nothing more may be sent. Nil: go on.
    private func bar(_ ending: Ending, cut: String?, _ user: UserID) -> StepResult? {
        if ending.outcome != nil || cut != nil, let reason = ending.reason ?? cut {
            return StepResult(.dropped, "not tried: \(reason)")
        }
        guard ending.outcome != nil || isStopping(user) else { return nil }
        let reason = "the worker is stopping"
        return StepResult(.dropped, "not tried: \(reason)", .endPoll(.interrupted, reason: reason))
    }

    private func note(
        _ outcomes: [Outcome], _ summary: inout RunSummary, _ ending: inout Ending, _ cut: inout String?
    ) {
        for (_, result) in outcomes {
            summary.count(result)
            switch result.consequence {
            case .goOn: continue
            case .endRun(let reason): cut = reason
            case .endPoll(let outcome, let reason):
                ending.outcome = ending.outcome ?? outcome
                ending.reason = ending.reason ?? reason
            }
        }
    }

    // MARK: One chunk

    private func chunkSize(_ action: RuleAction) -> Int {
        switch action {
        case .forceStart: 1
        case .addTag, .removeTag: .max
        default: concurrency
        }
    }

    /// Those that may go now, marked as sent, and how it ended for the others.
    ///
    /// - Parameter outcomes: Of the chunk before; committed first, or with the marks.
    private func prepare(
        _ chunk: [PlannedRun.Step], in run: PlannedRun, on basis: Basis, writing outcomes: [Outcome]
    ) async throws -> (cleared: [PlannedRun.Step], settled: [Outcome]) {
        var (outcomes, settled, ready) = (outcomes, [Outcome](), [PlannedRun.Step]())
        let isBreakerOpen = run.action.isDestructive && breaker.standing.isOpen
        let isOld = run.action.isDestructive && isOld(basis.fetchedAt)
        if isOld {
            // Reading again may take long.
            try await finish(outcomes, in: run, basis.user)
            outcomes = []
        }
        for step in chunk {
            if isBreakerOpen && step.grant == nil {
                settled.append((step, StepResult(.dropped, "not tried: the breaker opened")))
            } else if isOld, let refusal = await reread(step, in: run, on: basis) {
                settled.append((step, refusal))
            } else {
                ready.append(step)
            }
        }
        let (cleared, barred) = try await clear(ready, in: run, basis.user, writing: outcomes)
        return (cleared, settled + barred)
    }

    private func isOld(_ fetchedAt: Timestamp) -> Bool {
        users.now().milliseconds(since: fetchedAt) > Self.freshnessMilliseconds
    }

    /// Reads a destructive action's item again, because what we know of it is old. Nil: go ahead.
    private func reread(_ step: PlannedRun.Step, in run: PlannedRun, on basis: Basis) async -> StepResult? {
        let fresh: DownloadItem?
        do {
            fresh = try await current(step.item.key, for: basis.account)
        } catch {
            return StepResult(.failed, "not done: the item could not be read again (\(error))")
        }
        guard let fresh else { return StepResult(.skipped, "no longer there") }
        guard fresh.hash == step.item.hash else { return StepResult(.skipped, "another download has its number now") }
        var context = basis.context
        context.now = users.now()
        let stillHolds =
            RuleEvaluator.truth(run.program, fresh, context) == .yes
            && ActionPrecondition.keeps(run.action, fresh, tags: context.tags[fresh.key] ?? [])
        if !stillHolds { return StepResult(.skipped, "no longer matches") }
        return fresh.isAirlocked && run.action.removesItem ? StepResult(.skipped, "airlocked at TorBox") : nil
    }

    private func current(_ key: ItemKey, for account: TorBoxAccount) async throws -> DownloadItem? {
        guard key.isQueued else { return try await client.item(key.asset, id: key.id, for: account) }
        return try await client.queue(key.asset, for: account).items.first { $0.key == key }
    }

    /// Commits that these are about to be sent, and leaves out those that may not be any more.
    private func clear(
        _ steps: [PlannedRun.Step], in run: PlannedRun, _ user: UserID, writing outcomes: [Outcome]
    ) async throws -> (cleared: [PlannedRun.Step], barred: [Outcome]) {
        guard !steps.isEmpty else {
            try await finish(outcomes, in: run, user)
            return ([], [])
        }
        let (isDestructive, isManual, now) = (run.action.isDestructive, run.isManual, users.now())
        let (protection, sent) = try await users.write(user) { db in
            try Self.write(outcomes, of: run, to: db, at: now)
            let protection = isDestructive ? try ProtectionRepository.current(db) : Protection()
            let allowed = steps.filter { !protection.covers($0.item.key, hash: $0.item.hash) }
            return (protection, Set(try ActionRepository.markSent(db, allowed.map(\.id), evenIfOff: isManual, at: now)))
        }
        log(outcomes, run, user)
        var cleared: [PlannedRun.Step] = []
        var barred: [Outcome] = []
        for step in steps {
            if sent.contains(step.id) {
                cleared.append(step)
            } else if protection.covers(step.item.key, hash: step.item.hash) {
                barred.append((step, StepResult(.skipped, "protected by the user")))
            } else {
                barred.append((step, StepResult(.dropped, "the rule was changed, switched off or deleted")))
            }
        }
        return (cleared, barred)
    }

    private func perform(
        _ steps: [PlannedRun.Step], _ action: RuleAction, for account: TorBoxAccount, in turns: some WorkTurns
    ) async -> [Outcome] {
        let client = client
        return await withTaskGroup(of: Outcome.self) { group in
            for step in steps {
                group.addTask {
                    guard let call = action.call(on: step.item.key) else {
                        return (step, StepResult(.failed, "the action does not exist for \(step.item.key)"))
                    }
                    let result = await client.perform(call, for: account, in: turns)
                    return (step, StepResult.of(result, removesItem: action.removesItem))
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
    }

    // MARK: Writing down

    private func finish(_ outcomes: [Outcome], in run: PlannedRun, _ user: UserID) async throws {
        guard !outcomes.isEmpty else { return }
        let now = users.now()
        try await users.write(user) { db in try Self.write(outcomes, of: run, to: db, at: now) }
        log(outcomes, run, user)
    }

    private static func write(
        _ outcomes: [Outcome], of run: PlannedRun, to db: UserDatabase.Connection, at now: Timestamp
    ) throws {
        for (step, result) in outcomes {
            try ActionRepository.finish(db, step.id, result.state, detail: result.detail, at: now)
            // What failed or was not tried stays approved, so that it is tried again.
            if let grant = step.grant, result.isSuccess || result.state == .skipped {
                try ParkedBatchRepository.end(db, grant, at: now)
            }
            guard run.action == .archive, result.isSuccess else { continue }
            try ArchiveRecord.insert(db, step.item, parameters: ArchiveRecord.parameters(of: step.item), at: now)
        }
    }

    /// Tags live in the user's own file: done and observed in one transaction.
    private func tag(
        _ steps: [PlannedRun.Step], in run: PlannedRun, _ user: UserID
    ) async throws -> [Outcome] {
        let (action, tags, isManual, now) = (run.action, Set(run.action.tagIDs), run.isManual, users.now())
        let results = try await users.write(user) { db in
            let sent = Set(try ActionRepository.markSent(db, steps.map(\.id), evenIfOff: isManual, at: now))
            return try steps.map { step in
                var result = StepResult(.dropped, "the rule was changed, switched off or deleted")
                if sent.contains(step.id) {
                    switch action {
                    case .addTag: try TagRepository.add(db, tags, to: step.item.key, at: now)
                    default: try TagRepository.remove(db, tags, from: step.item.key)
                    }
                    result = StepResult(.observed)
                }
                try ActionRepository.finish(db, step.id, result.state, detail: result.detail, at: now)
                return result
            }
        }
        let outcomes = Array(zip(steps, results))
        log(outcomes, run, user)
        if results.contains(where: \.isSuccess) { events.publish(.tagsChanged, to: user) }
        return outcomes
    }

    private func record(
        _ run: PlannedRun, _ summary: RunSummary, writing outcomes: [Outcome], _ user: UserID
    ) async throws {
        let now = users.now()
        let ids = run.steps.map(\.id) + run.settled
        let hasGrants = run.steps.contains { $0.grant != nil }
        try await users.write(user) { db in
            try Self.write(outcomes, of: run, to: db, at: now)
            let log = try RuleRepository.recordExecution(
                db, summary.entry(for: run, at: now), countsAsExecution: summary.successes > 0)
            try ActionRepository.attach(db, ids, toLog: log)
            if hasGrants { try ParkedBatchRepository.closeEmpty(db, at: now) }
        }
        log(outcomes, run, user)
    }

    private func log(_ outcomes: [Outcome], _ run: PlannedRun, _ user: UserID) {
        for (step, result) in outcomes { log(step, result, run, user) }
    }

    private func log(_ step: PlannedRun.Step, _ result: StepResult, _ run: PlannedRun, _ user: UserID) {
        MetricNames.actions.count(run.action.name, result.state.rawValue)
        logger.log(
            level: result.isSuccess ? .info : .notice, "action ended",
            metadata: [
                LogKey.userID: "\(user.short)", LogKey.ruleID: "\(run.program.id)", LogKey.item: "\(step.item.key)",
                LogKey.action: "\(run.action.name)", LogKey.outcome: "\(result.state.rawValue)",
                LogKey.reason: "\(result.detail ?? "")",
            ])
    }
}

extension RuleAction {
    /// The call that carries the action out at TorBox; nil for local ones.
    fileprivate func call(on item: ItemKey) -> ControlCall? {
        switch self {
        case .stopSeeding: .stopSeeding(item)
        case .archive, .delete: .delete(item)
        case .forceStart: .forceStart(item)
        case .addAirlock: .setAirlock(item, true)
        case .removeAirlock: .setAirlock(item, false)
        case .addTag, .removeTag: nil
        }
    }
}
