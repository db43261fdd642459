import DomainModel
import RuleEngine
import TorBoxClient
import UserStore

/// Everything that one poll concludes, computed from plain values before anything is written.
struct PollDecision: Sendable {
    struct Promotion: Sendable, Equatable {
        var from: ItemKey
        var to: ItemKey
    }

    var now: Timestamp
    var items: [DownloadItem]
    var changes: SnapshotChanges
    var promotions: [Promotion]
    /// Kinds of which most items are suddenly missing: nothing of them is destroyed.
    var vanished: Set<AssetType>
    /// Set when samples have not been pruned for this user's newest poll.
    var pruneSamplesBefore: Timestamp?
    var observed: [ActionRow]
    var notCarriedOut: [ActionRow]
    /// Destructive ones that TorBox confirmed long ago, without visible effect, and that the log does not tell of yet.
    var overdue: [ActionRow]
    var parking: Parking
    /// Items that leave their parked batches.
    var endings: [Parking.Ending]
    var evaluated: [PollRules.Entry]
    /// Rules with a call whose fate this snapshot could not settle, by the time at which a list can: until then they
    /// count as not evaluated, so that what a crash cut off waits seconds and not a whole interval.
    var unsettled: [RuleID: Timestamp]
    var context: EvaluationContext
    var runs: [Run]
    /// The rule that a person runs by hand: it may act although it is switched off.
    var manualRule: RuleID?

    /// A rule's plan with the rule itself.
    struct Run: Sendable {
        var program: RuleProgram
        var plan: ActionPlanner.Run
    }

    /// - Parameters:
    ///   - rules: those that are due.
    ///   - allRules: all enabled ones; history is kept for all of them.
    ///   - contract: what rules must not rely on in this snapshot.
    ///   - breaker: whether anything may be destroyed at all.
    static func decide(
        rules: [PollRules.Entry], allRules: PollRules, past: PollPast, snapshot: LibrarySnapshot,
        contract: ContractVerdict = ContractVerdict(), breaker: BreakerStanding = BreakerStanding(), at now: Timestamp
    ) -> PollDecision {
        let items = snapshot.items
        var diff = SnapshotDiff.between(
            past.tracked, and: items, forgettable: snapshot.plainlyEmptyOrListed,
            leaving: Set(past.openActions.filter(EffectObservation.removesItem).map(\.item)), at: now)
        let samples =
            allRules.averageHours == nil ? [] : SpeedSampling.samples(of: items, tracked: diff.tracked, at: now)
        let promotions =
            diff.changed.filter { $0.previousKey != $0.item.key }
            .map { Promotion(from: $0.previousKey, to: $0.item.key) }
            + diff.arrived.map { Promotion(from: $0.from, to: $0.to) }
        let context = Self.context(items, diff, past, samples, promotions, at: now)
        let findings = Self.findings(past.openActions, items, promotions, snapshot, vanished: diff.vanished)
        // Else what rules removed would add up to a list of which most is gone, and stop them for an hour.
        diff.forget(findings.observed.filter(EffectObservation.removesItem).map(\.item))
        let byKey = past.batches.isEmpty ? [:] : Self.byKey(items)
        let parking = Parking(past.batches, promotions: promotions, breaker: breaker, at: now)
        var constraints = Self.constraints(past, items, promotions, settled: Set(findings.settled.map(\.id)))
        constraints.parked = parking.held
        constraints.approved = parking.approved(byKey)
        constraints.isBreakerOpen = breaker.isOpen
        let outcomes = RuleEvaluator.evaluate(rules.map(\.program), items: items, context: context)
        let matches = zip(rules, outcomes).map { rule, outcome in
            let certain = contract.thawed(outcome, of: rule.program, items: items)
            return ActionPlanner.Match(
                program: rule.program,
                outcome: rule.program.action?.isDestructive == true && !diff.vanished.isEmpty
                    ? certain.uncertain { diff.vanished.contains(items[$0].key.asset) } : certain)
        }
        let programs = Dictionary(rules.map { ($0.program.id, $0.program) }) { first, _ in first }
        let runs = ActionPlanner.plan(matches, items: items, constraints: constraints).compactMap { plan in
            programs[plan.rule].map { Run(program: $0, plan: plan) }
        }
        return PollDecision(
            now: now, items: items, changes: Self.changes(diff, samples, snapshot, items, at: now),
            promotions: promotions,
            vanished: diff.vanished,
            pruneSamplesBefore: samples.isEmpty
                ? nil : allRules.averageHours.map { SpeedSampling.horizon(averageHours: $0, at: now) },
            observed: findings.observed, notCarriedOut: findings.notCarriedOut,
            overdue: OverdueEffects.among(
                past.openActions.filter { action in !findings.settled.contains { $0.id == action.id } },
                in: snapshot.plainlyEmptyOrListed, fetchedAt: snapshot.fetchedAt),
            parking: parking,
            endings: parking.batches.isEmpty
                ? []
                : parking.endings(
                    Parking.Findings(
                        items: byKey, tracked: Set(diff.tracked.keys),
                        listed: snapshot.plainlyEmptyOrListed, observed: Set(findings.observed.map(\.item)),
                        outcomes: Self.outcomes(matches, runs, items: items))),
            evaluated: rules,
            unsettled: Self.unsettled(past.openActions, settled: Set(findings.settled.map(\.id)), snapshot),
            context: context, runs: runs)
    }

    /// Whether downloads came, changed or went since the last snapshot.
    var showsChange: Bool {
        !(changes.inserts.isEmpty && changes.updates.isEmpty && changes.moves.isEmpty && changes.deletes.isEmpty)
    }

    /// How many items long-standing rules want to destroy without a person's leave, parked ones included. Nil when no
    /// such rule was evaluated: what somebody just saved is no sudden change.
    var suddenDestruction: Int? {
        let standing = evaluated.filter {
            $0.program.action?.isDestructive == true && $0.row.evaluatedRevision == $0.row.revision
        }
        guard !standing.isEmpty else { return nil }
        let rules = Set(standing.map(\.row.id))
        return runs.filter { rules.contains($0.program.id) }.reduce(0) { count, run in
            let undecided = Set(parking.open(of: run.program.id)?.items.map(\.item) ?? [])
            return count + run.plan.held.count
                + run.plan.items.count { parking.grant(of: run.program.id, for: items[$0]) == nil }
                + run.plan.skipped.count { $0.reason == .parked && undecided.contains(items[$0.item].key) }
        }
    }

    // MARK: Parts

    private static func context(
        _ items: [DownloadItem], _ diff: SnapshotDiff, _ past: PollPast,
        _ samples: [(item: ItemKey, sample: SpeedSample)], _ promotions: [Promotion], at now: Timestamp
    ) -> EvaluationContext {
        var history = past.samples
        // Nothing that was added now has a past, also when another download had its number.
        for item in diff.added { history[item.key] = nil }
        for (key, sample) in samples { history[key, default: []].append(sample) }
        let origins = Dictionary(promotions.map { ($0.to, $0.from) }) { first, _ in first }
        var tags: [ItemKey: Set<Int64>] = [:]
        if !past.tags.isEmpty {
            for key in items.lazy.map(\.key) {
                var set = past.tags.tags(of: key)
                if let origin = origins[key] { set.formUnion(past.tags.tags(of: origin)) }
                if !set.isEmpty { tags[key] = set }
            }
        }
        return EvaluationContext(
            now: now, telemetry: diff.tracked.mapValues { $0.telemetry }, samples: history, tags: tags)
    }

    private static func constraints(
        _ past: PollPast, _ items: [DownloadItem], _ promotions: [Promotion], settled: Set<Int64>
    ) -> ActionPlanner.Constraints {
        let promoted = Set(promotions.filter { past.protectedNumbers.contains($0.from.id) }.map(\.to))
        let protection = Self.protection(past, items)
        let protected =
            protection.isEmpty
            ? [] : items.filter { promoted.contains($0.key) || protection.covers($0.key, hash: $0.hash) }.map(\.key)
        var awaiting: [ItemKey: Set<String>] = [:]
        for action in past.openActions where !settled.contains(action.id) {
            awaiting[action.item, default: []].insert(action.action)
        }
        return ActionPlanner.Constraints(protected: Set(protected), awaitingEffect: awaiting)
    }

    private static func byKey(_ items: [DownloadItem]) -> [ItemKey: DownloadItem] {
        Dictionary(items.map { ($0.key, $0) }) { first, _ in first }
    }

    private static func outcomes(
        _ matches: [ActionPlanner.Match], _ runs: [Run], items: [DownloadItem]
    ) -> [RuleID: Parking.Outcome] {
        let plans = Dictionary(runs.map { ($0.program.id, $0.plan) }) { first, _ in first }
        return Dictionary(
            matches.map { match in
                (match.program.id, Parking.Outcome(match.outcome, plans[match.program.id], items: items))
            }
        ) { first, _ in first }
    }

    /// With the hashes that now show, or showed in the last list, under a protected number: a queue row and its listed
    /// twin, and what was added again before any poll learned its hash.
    private static func protection(_ past: PollPast, _ items: [DownloadItem]) -> Protection {
        var protection = Protection(numbers: past.protectedNumbers, hashes: past.protectedHashes)
        guard !protection.numbers.isEmpty else { return protection }
        let shown = items.map { ($0.key, $0.hash) }
        let shownBefore = past.tracked.values.lazy.filter { $0.misses == 0 }.map { ($0.key, $0.hash) }
        for (key, hash) in shown + shownBefore where past.protectedNumbers.contains(key.id) {
            guard let hash else { continue }
            protection.hashes[key.asset, default: []].insert(hash)
        }
        return protection
    }

    private static func findings(
        _ open: [ActionRow], _ items: [DownloadItem], _ promotions: [Promotion], _ snapshot: LibrarySnapshot,
        vanished: Set<AssetType>
    ) -> (observed: [ActionRow], notCarriedOut: [ActionRow], settled: [ActionRow]) {
        guard !open.isEmpty else { return ([], [], []) }
        let byKey = byKey(items)
        let started = Set(promotions.map(\.from))
        var observed: [ActionRow] = []
        var notCarriedOut: [ActionRow] = []
        for action in open where snapshot.plainlyEmptyOrListed.contains(action.item.asset) {
            // That it is missing together with most of the list is no proof.
            if byKey[action.item] == nil && vanished.contains(action.item.asset) { continue }
            switch EffectObservation.finding(action, items: byKey, fetchedAt: snapshot.fetchedAt) {
            // It left the queue by starting, not by being removed.
            case .observed where started.contains(action.item) && action.action != RuleAction.forceStart.name:
                notCarriedOut.append(action)
            case .observed: observed.append(action)
            case .notCarriedOut: notCarriedOut.append(action)
            case .open: continue
            }
        }
        return (observed, notCarriedOut, observed + notCarriedOut)
    }

    /// Only what the next list can settle: for a kind that TorBox does not list plainly, polling on and on would not help.
    private static func unsettled(
        _ open: [ActionRow], settled: Set<Int64>, _ snapshot: LibrarySnapshot
    ) -> [RuleID: Timestamp] {
        var result: [RuleID: Timestamp] = [:]
        for action in open where action.state == .unknown && !settled.contains(action.id) {
            guard snapshot.plainlyEmptyOrListed.contains(action.item.asset), let sent = action.sentAt else { continue }
            let settles = sent.advanced(byMilliseconds: EffectObservation.settlingMilliseconds)
            result[action.rule] = max(settles, result[action.rule] ?? settles)
        }
        return result
    }

    private static func changes(
        _ diff: SnapshotDiff, _ samples: [(item: ItemKey, sample: SpeedSample)], _ snapshot: LibrarySnapshot,
        _ items: [DownloadItem], at now: Timestamp
    ) -> SnapshotChanges {
        let sampled = Set(samples.map(\.item))
        func stamped(_ items: [TrackedItem]) -> [TrackedItem] {
            sampled.isEmpty ? items : items.map(stamped)
        }
        func stamped(_ item: TrackedItem) -> TrackedItem {
            guard sampled.contains(item.key) else { return item }
            var item = item
            item.sampledAt = now
            return item
        }
        let changedKeys = Set(diff.changed.map(\.item.key)).union(diff.added.map(\.key))
        let onlySampled = sampled.subtracting(changedKeys).compactMap { diff.tracked[$0] }
        // Through a pointer, because items are large and reading them off the array would copy each.
        let counts = items.withUnsafeBufferPointer { items in
            snapshot.assets.map { asset in (asset, items.indices.count { items[$0].key.asset == asset }) }
        }
        return SnapshotChanges(
            inserts: stamped(diff.added),
            updates: stamped(diff.changed.filter(\.keepsIdentity).map(\.item) + onlySampled),
            moves: diff.changed.filter { !$0.keepsIdentity }.map { stamped($0.item) },
            deletes: diff.forgotten.compactMap(\.pk), samples: samples,
            completed: Dictionary(uniqueKeysWithValues: counts))
    }
}
