import DomainModel
import Logging
import Observability
import RuleEngine
import TorBoxClient
import UserStore

/// One poll of one user, from the fetch to the log of what was done (architecture section 4).
///
/// Nothing is remembered, forgotten or acted on unless the snapshot is complete. Between two stages another request
/// may change rules, tags or protection: every stage that writes checks again what it relies on.
struct PollPipeline: Sendable {
    let users: UserAccess
    let client: TorBoxClient
    let actions: ActionRunner
    let programs: ProgramCache
    let sentinel: ContractSentinel
    let parking: ParkingWatch
    let breaker: DestructionBreaker
    let journal: JournalWatch
    let schedule: RuleSchedule
    let stop: StopSignal
    let logger: Logger

    struct Result: Sendable {
        var outcome: PollOutcome
        /// For people: why it did not end well.
        var reason: String?
        /// After an evaluation: until when the next one has to be.
        var deadline: Timestamp?
    }

    /// What a poll has come to once all it learned and intends is committed.
    enum Course: Sendable {
        case over(Result)
        case act(PollConclusion)
    }

    /// Everything up to the commit. What it held of the library goes with it. Never throws: every ending is an outcome.
    @concurrent func conclude(_ user: UserID) async -> Course {
        do {
            return try await concludeThrowing(user)
        } catch let error as TorBoxError {
            return .over(Result(outcome: Self.outcome(of: error), reason: error.description))
        } catch is CancellationError {
            return .over(Result(outcome: .interrupted))
        } catch {
            return .over(Result(outcome: .failed, reason: "\(error)"))
        }
    }

    private func concludeThrowing(_ user: UserID) async throws -> Course {
        let began = users.now()
        let rules = try await loadRules(user, at: began)
        guard !rules.enabled.isEmpty else {
            try await users.setHasActiveRules(user, false)
            // Rules that were saved since they were read must not be overlooked.
            if try await users.read(user, { try RuleRepository.hasEnabled($0) }) {
                try await users.setHasActiveRules(user, true)
            }
            return .over(Result(outcome: .evaluated(nextRuleDue: nil)))
        }
        let due = rules.due(at: began, schedule)
        guard !due.isEmpty else {
            return .over(
                Result(
                    outcome: .evaluated(nextRuleDue: rules.nextDue(evaluated: [], at: began, schedule)),
                    deadline: rules.deadline(evaluated: [], at: began, schedule)))
        }
        let account = try users.account(user)
        let (client, assets) = (client, rules.assets)
        let snapshot = try await stop.cancellingOnStop {
            try await client.snapshot(of: assets, for: account, relyingOnLast: true)
        }
        let past = try await loadPast(user, snapshot: snapshot, rules: rules)
        let decision = try await decide(due, rules, past, snapshot, of: user)
        let committed = try await commit(decision, of: user)
        let settled = Set((decision.observed + decision.notCarriedOut).map(\.id))
        journal.note(past.openActions.lazy.filter { !settled.contains($0.id) }, of: user)
        log(decision, committed, of: user)
        if decision.showsChange { actions.events.publish(.changed, to: user) }
        let evaluated = Set(due.map(\.row.id))
        let next = rules.nextDue(evaluated: evaluated, at: decision.now, schedule)
        let settling = decision.unsettled.values.map { max($0, decision.now) }
        let result = Result(
            outcome: .evaluated(nextRuleDue: ([next] + settling).compactMap(\.self).min()),
            deadline: rules.deadline(evaluated: evaluated, at: decision.now, schedule))
        guard !committed.runs.isEmpty else { return .over(result) }
        return .act(
            PollConclusion(
                committed.runs, account: account, context: decision.context, fetchedAt: snapshot.fetchedAt,
                now: decision.now, result: result))
    }

    /// Carries out what was concluded, each piece of work in one of the user's turns.
    ///
    /// - Parameter place: given to another poll when this one has to wait for TorBox.
    @concurrent func act(
        on conclusion: PollConclusion, of user: UserID, in turns: some WorkTurns, leaving place: PollPlace
    ) async -> Result {
        if conclusion.asksTorBox { await place.leave() }
        let ending = await actions.carryOut(
            conclusion.runs, for: conclusion.account, context: conclusion.context, fetchedAt: conclusion.fetchedAt,
            in: turns)
        guard let outcome = ending.outcome else { return conclusion.result }
        do {
            try await turns.work { try await leaveUnfinished(ending, of: user, at: conclusion.now) }
        } catch {
            return Result(outcome: .failed, reason: "\(error)")
        }
        return Result(outcome: outcome, reason: ending.reason)
    }

    /// Asked again as soon as TorBox allows: what was not done must not wait a whole interval.
    func leaveUnfinished(_ ending: ActionRunner.Ending, of user: UserID, at now: Timestamp) async throws {
        try await users.write(user) { db in
            try RuleRepository.markEvaluated(
                db, ending.unfinishedRules.map { ($0, Self.notEvaluated) }, at: now)
        }
    }

    /// Decides, and decides anew without destruction when this poll is the one that opens the breaker.
    private func decide(
        _ due: [PollRules.Entry], _ rules: PollRules, _ past: PollPast, _ snapshot: LibrarySnapshot, of user: UserID
    ) async throws -> PollDecision {
        let (contract, now) = (sentinel.inspect(snapshot, of: user), users.now())
        func decision(_ standing: BreakerStanding) -> PollDecision {
            PollDecision.decide(
                rules: due, allRules: rules, past: past, snapshot: snapshot, contract: contract, breaker: standing,
                at: now)
        }
        let before = breaker.standing
        let first = decision(before)
        if let wanted = first.suddenDestruction {
            let isSurge = try await isSurge(wanted, of: user, at: now)
            breaker.take(isSurge: isSurge, of: user)
        }
        // Of this poll or of another that ran meanwhile.
        let after = breaker.standing
        return after == before ? first : decision(after)
    }

    private func isSurge(_ wanted: Int, of user: UserID, at now: Timestamp) async throws -> Bool {
        guard DestructionSurge.isPossible(wanted: wanted) else { return false }
        let lately = try await users.read(user) { db in
            try ActionRepository.countDestructive(
                db, sentSince: now.advanced(byMilliseconds: -DestructionSurge.memoryMilliseconds))
        }
        return DestructionSurge.isSurge(wanted: wanted, destroyedLately: lately)
    }

    // MARK: Reading

    /// Rules that name a tag which is gone are switched off here, with the reason, before they can match everything.
    private func loadRules(_ user: UserID, at now: Timestamp) async throws -> PollRules {
        let programs = programs
        return try await users.write(user) { db in
            try Self.settleInterrupted(db, at: now)
            var rules = PollRules(try RuleRepository.list(db), of: user, cache: programs)
            let orphaned = try OrphanedRules.switchOff(among: rules.enabled, db, at: now)
            rules.enabled.removeAll { orphaned.contains($0.row.id) }
            for rule in rules.enabled {
                let attention = rule.program.attention.isEmpty ? nil : rule.program.attention.joined(separator: "; ")
                if attention != rule.row.attention {
                    try RuleRepository.setAttention(db, rule.row.id, attention, now: now)
                }
            }
            return rules
        }
    }

    /// What a process that died left behind: calls of unknown fate stay blocked until a list shows how they went, and
    /// what was never sent is decided anew.
    /// Rules whose actions were cut off are due again: what they wanted must not wait for their next interval.
    static func settleInterrupted(_ db: UserDatabase.Connection, at now: Timestamp) throws {
        let planned = try ActionRepository.open(db, in: [.planned])
        let interrupted = try ActionRepository.markInterrupted(db, at: now)
        for row in planned {
            try ActionRepository.finish(db, row.id, .dropped, detail: "interrupted before it was sent", at: now)
        }
        try CutRuns.report(db, at: now)
        guard !planned.isEmpty || !interrupted.isEmpty else { return }
        try RuleRepository.markEvaluated(
            db, Set((planned + interrupted).map(\.rule)).map { ($0, notEvaluated) }, at: now)
    }

    /// A revision that no rule has: marked as evaluated it says that the rule's present one still has to be.
    static let notEvaluated: Int64 = -1

    func loadPast(_ user: UserID, snapshot: LibrarySnapshot, rules: PollRules) async throws -> PollPast {
        let horizon = rules.averageHours.map { SpeedSampling.horizon(averageHours: $0, at: users.now()) }
        return try await users.read(user) { db in
            let tracked = try SnapshotRepository.loadAll(db, sharingTextsOf: snapshot.items)
            let samples = try horizon.map { try SnapshotRepository.samples(db, of: tracked.values, since: $0) } ?? [:]
            let protection = try ProtectionRepository.current(db)
            return PollPast(
                tracked: tracked, samples: samples, tags: try TagRepository.assignments(db),
                protectedNumbers: protection.numbers, protectedHashes: protection.hashes,
                openActions: try ActionRepository.open(db, in: [.acknowledged, .unknown]),
                batches: try ParkedBatchRepository.live(db))
        }
    }

    // MARK: Switching off

    /// Switches all of a user's rules off with the reason, and says how many.
    func switchOff(_ user: UserID, because reason: String) async throws -> Int {
        let now = users.now()
        let count = try await users.write(user) { db in
            let enabled = try RuleRepository.list(db).filter(\.isEnabled)
            for rule in enabled { try RuleSwitch.off(rule, because: reason, db, at: now) }
            return enabled.count
        }
        try await users.setHasActiveRules(user, false)
        return count
    }

    // MARK: Committing

    /// What a commit leaves to be done and to be told.
    struct Committed: Sendable {
        var runs: [PlannedRun] = []
        var parked: [ParkingJournal.Note] = []
        var openBatches = 0
    }

    /// Writes what was learned and what is intended in one transaction. Intents of rules that changed since they were
    /// read are left out.
    func commit(_ decision: PollDecision, of user: UserID) async throws -> Committed {
        try await users.write(user) { db in
            // Before the snapshot marks what is gone: a download may have been protected, removed and added again since.
            try ProtectionRepository.learn(db, isPresent: true)
            for move in decision.promotions {
                try TagRepository.follow(db, from: move.from, to: move.to, at: decision.now)
                try ProtectionRepository.follow(db, from: move.from, to: move.to, at: decision.now)
                try ParkedBatchRepository.follow(db, from: move.from, to: move.to)
            }
            try JournalRetention.keep(db, at: decision.now)
            _ = try SnapshotRepository.apply(db, decision.changes, at: decision.now)
            try ProtectionRepository.learn(db, isPresent: true)
            try ProtectionRepository.spread(db, at: decision.now)
            if let horizon = decision.pruneSamplesBefore { try SnapshotRepository.pruneSamples(db, before: horizon) }
            try ActionRepository.markObserved(db, decision.observed.map(\.id), at: decision.now)
            for row in decision.observed where row.action == "archive" && row.state == .unknown {
                try ArchiveRecord.insert(db, row, at: decision.now)
            }
            for row in decision.notCarriedOut {
                try ActionRepository.finish(
                    db, row.id, .failed, detail: "a later list shows no effect", at: decision.now)
            }
            try CutRuns.retell(db, decision.observed + decision.notCarriedOut, at: decision.now)
            try OverdueEffects.report(db, decision.overdue, at: decision.now)
            try ParkingJournal.settle(decision, db)
            let runs = try Self.current(decision.runs, db, manualRule: decision.manualRule)
            try RuleRepository.markEvaluated(
                db,
                decision.evaluated.map {
                    ($0.row.id, decision.unsettled[$0.row.id] == nil ? $0.row.revision : Self.notEvaluated)
                }, at: decision.now)
            var committed = Committed()
            for run in runs {
                if let note = try ParkingJournal.park(run, of: decision, to: db) { committed.parked.append(note) }
                if let run = try ActionJournal.write(run, of: decision, to: db) { committed.runs.append(run) }
            }
            // Only polls open batches, so without any there was none to close and is none to count.
            guard !decision.parking.batches.isEmpty || !committed.parked.isEmpty else { return committed }
            if !decision.parking.batches.isEmpty { try ParkedBatchRepository.closeEmpty(db, at: decision.now) }
            committed.openBatches = try ParkedBatchRepository.countOpen(db)
            return committed
        }
    }

    /// The runs of rules that are still what they were when they were read.
    private static func current(
        _ runs: [PollDecision.Run], _ db: UserDatabase.Connection, manualRule: RuleID?
    ) throws -> [PollDecision.Run] {
        guard !runs.isEmpty else { return [] }
        let rules = try RuleRepository.list(db).filter { $0.isEnabled || $0.id == manualRule }
        let revisions = Dictionary(uniqueKeysWithValues: rules.map { ($0.id, $0.revision) })
        return runs.filter { revisions[$0.program.id] == $0.program.revision }
    }

    func log(_ decision: PollDecision, _ committed: Committed, of user: UserID) {
        parking.note(committed.openBatches, of: user)
        logger.info(
            "poll evaluated",
            metadata: [
                LogKey.userID: "\(user.short)", LogKey.count: "\(decision.items.count)",
                "rules": "\(decision.evaluated.count)",
                "actions": "\(committed.runs.reduce(0) { $0 + $1.steps.count })",
            ])
        if !decision.vanished.isEmpty {
            logger.warning(
                "most of a list is suddenly gone, nothing of that kind is destroyed for an hour",
                metadata: [
                    LogKey.userID: "\(user.short)",
                    LogKey.reason: "\(decision.vanished.map(\.rawValue).sorted().joined(separator: ", "))",
                ])
        }
        for note in committed.parked {
            MetricNames.parkings.count(note.reason.rawValue)
            logger.warning(
                "actions parked until somebody decides",
                metadata: [
                    LogKey.userID: "\(user.short)", LogKey.ruleID: "\(note.rule)", LogKey.count: "\(note.count)",
                    "limit": "\(note.limit)", LogKey.reason: "\(note.reason.rawValue)",
                ])
        }
    }

    private static func outcome(of error: TorBoxError) -> PollOutcome {
        switch error.code {
        case .unauthorized: .unauthorized
        case .planRestricted: .planRestricted
        case .rateLimited: .rateLimited(retryAfter: error.retryAfter)
        case .incomplete, .malformed: .incomplete
        case .cancelled: .interrupted
        default: .outage
        }
    }
}
