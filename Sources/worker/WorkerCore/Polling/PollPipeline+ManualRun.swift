import DomainModel
import RuleEngine
import TorBoxClient
import UserStore

/// One rule run by hand: whatever its interval, and also when it is switched off. The rails are those of a poll.
extension PollPipeline {
    /// Call through ``PollScheduler/perform(for:_:)``, so that no poll of the user is under way.
    ///
    /// - Parameter spacing: the shortest time since the rule's last evaluation.
    /// - Throws: what the user's file or our own side fails with; what TorBox does is part of the result.
    @concurrent func run(_ rule: RuleID, of user: UserID, spacing: Duration) async throws -> ManualRunResult {
        var result = ManualRunResult(rule: rule)
        guard !client.outage.isPaused else {
            result.error = "TorBox is unreachable; automation is paused until it answers again"
            return result
        }
        guard let claim = try await self.claim(rule, of: user, spacing: spacing, &result) else { return result }
        do {
            try await carryOut(claim, of: user, &result)
        } catch let error as TorBoxError {
            result.error = "TorBox failed: \(error.code)"
        } catch is CancellationError {
            result.error = "The service is restarting; nothing more is done"
        }
        return result
    }

    /// A rule that may run now, with all others whose history is kept along.
    private struct Claim: Sendable {
        var entry: PollRules.Entry
        var rules: PollRules
    }

    private enum Finding: Sendable {
        case unknown
        case tooSoon(name: String, last: Timestamp)
        case unfit(name: String, reason: String)
        case ready(Claim)
    }

    /// Nil when there is nothing to run; the result says why. The time of the evaluation is written before the work, so
    /// that a second run waits for its turn whatever becomes of this one.
    private func claim(
        _ rule: RuleID, of user: UserID, spacing: Duration, _ result: inout ManualRunResult
    ) async throws -> Claim? {
        let (now, programs, least) = (users.now(), programs, spacing / .milliseconds(1))
        let finding = try await users.write(user) { db -> Finding in
            try Self.settleInterrupted(db, at: now)
            let rows = try RuleRepository.list(db)
            guard var row = rows.first(where: { $0.id == rule }) else { return .unknown }
            let last = [row.lastEvaluatedAt, row.evaluatedAt].compactMap(\.self).max()
            if let last, Double(now.milliseconds(since: last)) < least { return .tooSoon(name: row.name, last: last) }
            let wasEnabled = row.isEnabled
            row.isEnabled = true
            let program = RuleProgram(RuleJSONForm.stored(row))
            guard program.isRunnable else {
                return .unfit(
                    name: row.name, reason: program.attention.first ?? "The rule has no action that can be carried out")
            }
            guard try program.referencedTagIDs.isSubset(of: TagRepository.existingTags(db)) else {
                return .unfit(name: row.name, reason: "The rule names a tag that no longer exists")
            }
            try RuleRepository.claim(db, rule, at: now)
            row.isEnabled = wasEnabled
            let entry = PollRules.Entry(program: program, row: row)
            var rules = PollRules(rows, of: user, cache: programs)
            rules.enabled.removeAll { $0.row.id == rule }
            rules.enabled.append(entry)
            rules.enabled.sort { $0.row.id < $1.row.id }
            return .ready(Claim(entry: entry, rules: rules))
        }
        switch finding {
        case .unknown: result.error = "Rule not found"
        case .tooSoon(let name, let last):
            result.name = name
            result.lastEvaluated = last
            result.skip("The rule was evaluated a short time ago")
        case .unfit(let name, let reason):
            result.name = name
            result.skip(reason)
        case .ready(let claim):
            result.name = claim.entry.row.name
            return claim
        }
        return nil
    }

    private func carryOut(_ claim: Claim, of user: UserID, _ result: inout ManualRunResult) async throws {
        let (rule, program) = (claim.entry.row.id, claim.entry.program)
        let account = try users.account(user)
        let (client, assets) = (client, claim.rules.assets)
        let snapshot = try await stop.cancellingOnStop { try await client.snapshot(of: assets, for: account) }
        let past = try await loadPast(user, snapshot: snapshot, rules: claim.rules)
        var decision = PollDecision.decide(
            rules: [claim.entry], allRules: claim.rules, past: past, snapshot: snapshot,
            contract: sentinel.inspect(snapshot, of: user), breaker: breaker.standing, at: users.now())
        decision.manualRule = rule
        result.total = decision.items.count { program.assetTypes.contains($0.key.asset) }
        result.matched =
            RuleEvaluator.evaluate(program, items: decision.items, context: decision.context).selected.count
        let committed = try await commit(decision, of: user)
        log(decision, committed, of: user)
        if decision.showsChange { actions.events.publish(.changed, to: user) }
        let ending = await actions.carryOut(
            committed.runs, for: account, context: decision.context, fetchedAt: snapshot.fetchedAt, in: OneTurn())
        result.take(committed.runs.first { $0.program.id == rule }, ending.summaries[rule])
        if let note = committed.parked.first(where: { $0.rule == rule }), !result.isExecuted { result.skip(note.text) }
        guard ending.outcome != nil else { return }
        result.error = ending.reason.map { "Not everything could be done: \($0)" }
        try await leaveUnfinished(ending, of: user, at: decision.now)
        if claim.entry.row.isEnabled { await users.scheduler.schedule(user, at: users.now() + Self.retryPause) }
    }

    /// Until a poll goes on with what a run by hand could not finish.
    private static let retryPause: Duration = .seconds(30)
}
