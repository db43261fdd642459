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
        for run in runs {
            var summary = RunSummary(run)
            var cut: (consequence: StepResult.Consequence, reason: String)?
            do {
                var rest = run.steps[...]
                while !rest.isEmpty {
                    let chunk = Array(rest.prefix(chunkSize(run.action)))
                    rest = rest.dropFirst(chunk.count)
                    let results = try await results(
                        of: chunk, in: run, for: account, context: context, fetchedAt: fetchedAt,
                        isBarred: ending.outcome != nil || cut != nil, barReason: ending.reason ?? cut?.reason,
                        in: turns)
                    for result in results {
                        summary.count(result)
                        note(result.consequence, &ending, &cut)
                    }
                }
                try await turns.work { try await record(run, summary, account.user) }
            } catch {
                ending.outcome = .failed
                ending.reason = "\(error)"
            }
            ending.summaries[run.program.id] = summary
            if ending.outcome != nil && !run.steps.isEmpty { ending.unfinishedRules.append(run.program.id) }
        }
        return ending
    }

    // MARK: One chunk

    private func chunkSize(_ action: RuleAction) -> Int {
        switch action {
        case .forceStart: 1
        case .addTag, .removeTag: .max
        default: concurrency
        }
    }

    private func results(
        of chunk: [PlannedRun.Step], in run: PlannedRun, for account: TorBoxAccount, context: EvaluationContext,
        fetchedAt: Timestamp, isBarred: Bool, barReason: String?, in turns: some WorkTurns
    ) async throws -> [StepResult] {
        if isBarred || isStopping(account.user) {
            let reason = barReason ?? "the worker is stopping"
            let dropped = StepResult(.dropped, "not tried: \(reason)")
            try await turns.work { try await finish(chunk.map { ($0, dropped) }, in: run, account.user) }
            let consequence: StepResult.Consequence =
                barReason == nil ? .endPoll(.interrupted, reason: reason) : .goOn
            return chunk.map { _ in StepResult(.dropped, dropped.detail, consequence) }
        }
        guard run.action.tagIDs.isEmpty else {
            return try await turns.work { try await tag(chunk, in: run, account.user) }
        }
        var (cleared, settled) = try await turns.work {
            try await prepare(chunk, in: run, for: account, context: context, fetchedAt: fetchedAt)
        }
        settled += await perform(cleared, run.action, for: account, in: turns)
        try await turns.work { try await finish(settled, in: run, account.user) }
        return settled.map(\.1)
    }

    /// Those that may go now, marked as sent, and how it ended for the others.
    private func prepare(
        _ chunk: [PlannedRun.Step], in run: PlannedRun, for account: TorBoxAccount, context: EvaluationContext,
        fetchedAt: Timestamp
    ) async throws -> (cleared: [PlannedRun.Step], settled: [(PlannedRun.Step, StepResult)]) {
        var settled: [(PlannedRun.Step, StepResult)] = []
        var ready: [PlannedRun.Step] = []
        let isBreakerOpen = run.action.isDestructive && breaker.standing.isOpen
        for step in chunk {
            if isBreakerOpen && step.grant == nil {
                settled.append((step, StepResult(.dropped, "not tried: the breaker opened")))
                continue
            }
            if let refusal = try await reread(step, in: run, for: account, context: context, fetchedAt: fetchedAt) {
                settled.append((step, refusal))
            } else {
                ready.append(step)
            }
        }
        let (cleared, barred) = try await clear(ready, in: run, account.user)
        return (cleared, settled + barred)
    }

    /// Reads a destructive action's item again when what we know of it is old. Nil: go ahead.
    private func reread(
        _ step: PlannedRun.Step, in run: PlannedRun, for account: TorBoxAccount, context: EvaluationContext,
        fetchedAt: Timestamp
    ) async throws -> StepResult? {
        let age = users.now().milliseconds(since: fetchedAt)
        guard run.action.isDestructive, age > Self.freshnessMilliseconds else { return nil }
        let fresh: DownloadItem?
        do {
            fresh = try await current(step.item.key, for: account)
        } catch {
            return StepResult(.failed, "not done: the item could not be read again (\(error))")
        }
        guard let fresh else { return StepResult(.skipped, "no longer there") }
        guard fresh.hash == step.item.hash else { return StepResult(.skipped, "another download has its number now") }
        var context = context
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
        _ steps: [PlannedRun.Step], in run: PlannedRun, _ user: UserID
    ) async throws -> (cleared: [PlannedRun.Step], barred: [(PlannedRun.Step, StepResult)]) {
        guard !steps.isEmpty else { return ([], []) }
        let (isDestructive, isManual, now) = (run.action.isDestructive, run.isManual, users.now())
        let (protection, sent) = try await users.write(user) { db in
            let protection = isDestructive ? try ProtectionRepository.current(db) : Protection()
            let allowed = steps.filter { !protection.covers($0.item.key, hash: $0.item.hash) }
            return (protection, Set(try ActionRepository.markSent(db, allowed.map(\.id), evenIfOff: isManual, at: now)))
        }
        var cleared: [PlannedRun.Step] = []
        var barred: [(PlannedRun.Step, StepResult)] = []
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
    ) async -> [(PlannedRun.Step, StepResult)] {
        let client = client
        return await withTaskGroup(of: (PlannedRun.Step, StepResult).self) { group in
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

    private func finish(
        _ results: [(step: PlannedRun.Step, result: StepResult)], in run: PlannedRun, _ user: UserID
    ) async throws {
        guard !results.isEmpty else { return }
        let (isArchive, now) = (run.action == .archive, users.now())
        let parameters = isArchive ? results.map { ArchiveRecord.parameters(of: $0.step.item) } : []
        try await users.write(user) { db in
            for (index, (step, result)) in results.enumerated() {
                try ActionRepository.finish(db, step.id, result.state, detail: result.detail, at: now)
                // What failed or was not tried stays approved, so that it is tried again.
                if let grant = step.grant, result.isSuccess || result.state == .skipped {
                    try ParkedBatchRepository.end(db, grant, at: now)
                }
                guard isArchive, result.isSuccess else { continue }
                try ArchiveRecord.insert(db, step.item, parameters: parameters[index], at: now)
            }
        }
        for (step, result) in results { log(step, result, run, user) }
    }

    /// Tags live in the user's own file: done and observed in one transaction.
    private func tag(
        _ steps: [PlannedRun.Step], in run: PlannedRun, _ user: UserID
    ) async throws -> [StepResult] {
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
        for (step, result) in zip(steps, results) { log(step, result, run, user) }
        if results.contains(where: \.isSuccess) { events.publish(.tagsChanged, to: user) }
        return results
    }

    private func record(_ run: PlannedRun, _ summary: RunSummary, _ user: UserID) async throws {
        let now = users.now()
        let ids = run.steps.map(\.id) + run.settled
        let hasGrants = run.steps.contains { $0.grant != nil }
        try await users.write(user) { db in
            let log = try RuleRepository.recordExecution(
                db, summary.entry(for: run, at: now), countsAsExecution: summary.successes > 0)
            try ActionRepository.attach(db, ids, toLog: log)
            if hasGrants { try ParkedBatchRepository.closeEmpty(db, at: now) }
        }
    }

    private func note(
        _ consequence: StepResult.Consequence, _ ending: inout Ending,
        _ cut: inout (consequence: StepResult.Consequence, reason: String)?
    ) {
        switch consequence {
        case .goOn: return
        case .endRun(let reason): cut = (consequence, reason)
        case .endPoll(let outcome, let reason):
            ending.outcome = ending.outcome ?? outcome
            ending.reason = ending.reason ?? reason
        }
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
