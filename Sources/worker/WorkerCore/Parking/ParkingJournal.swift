import DomainModel
import RuleEngine
import UserStore

/// Writes to the user's file what a poll means for parked batches, in the transaction that commits the poll.
enum ParkingJournal {
    /// A batch that was opened or added to, for the log.
    struct Note: Sendable, Equatable {
        var rule: RuleID
        var count: Int
        var limit: Int
        var reason: ParkedBatch.Reason
    }

    /// Ends what left its batch. What was approved and is not carried out gets a log row for each rule.
    static func settle(_ decision: PollDecision, _ db: UserDatabase.Connection) throws {
        for ending in decision.endings {
            try ParkedBatchRepository.end(db, ending.row.id, ending.state, detail: ending.detail, at: decision.now)
        }
        let undone = decision.endings.filter { $0.row.state == .approved && $0.state != nil }
        for (rule, endings) in Dictionary(grouping: undone, by: \.row.rule) {
            let reasons = Set(endings.compactMap(\.detail)).sorted().joined(separator: "; ")
            let log = try ExecutionLogRepository.insert(
                db,
                NewExecution(
                    rule: rule, ruleName: endings[0].row.ruleName, itemsProcessed: 0, isSuccess: false,
                    errorMessage: "\(endings.count) approved by the user but left alone (\(reasons))",
                    at: decision.now))
            try ActionRepository.attach(db, endings.map(\.row.id), toLog: log)
        }
    }

    /// Opens the rule's batch or brings it up to date. Nil when the batch holds all of it already.
    static func park(
        _ run: PollDecision.Run, of decision: PollDecision, to db: UserDatabase.Connection
    ) throws -> Note? {
        guard let hold = run.plan.hold else { return nil }
        let reason: ParkedBatch.Reason = hold.reason == .limit ? .limit : .breaker
        let before = decision.parking.open(of: run.program.id)
        let ended = Set(decision.endings.map(\.row.id))
        let known = Set((before?.items ?? []).filter { !ended.contains($0.id) }.map(\.item))
        let added = run.plan.held.filter { !known.contains(decision.items[$0].key) }
        let isStricter = before?.reason == .breaker && reason == .limit
        guard !added.isEmpty || isStricter else { return nil }
        let batch = try ParkedBatchRepository.park(
            db,
            NewParking(
                rule: run.program.id, ruleName: run.program.name, revision: run.program.revision,
                action: run.plan.action.name, reason: reason, limit: hold.limit, librarySize: decision.items.count),
            at: decision.now)
        let rows = added.map { index in
            var row = ActionJournal.intent(run, decision, index, state: .parked)
            row.batchID = batch
            return row
        }
        let ids = try ActionRepository.insert(db, rows, at: decision.now)
        let note = Note(rule: run.program.id, count: known.count + ids.count, limit: hold.limit, reason: reason)
        try log(note, run, batch, before?.logID, items: ids, db, at: decision.now)
        return note
    }

    /// One row for each batch, however often it is added to.
    private static func log(
        _ note: Note, _ run: PollDecision.Run, _ batch: Int64, _ known: Int64?, items: [Int64],
        _ db: UserDatabase.Connection, at now: Timestamp
    ) throws {
        let entry = NewExecution(
            rule: run.program.id, ruleName: run.program.name, itemsProcessed: 0, isSuccess: false,
            errorMessage: note.text, at: now)
        if let known, try ExecutionLogRepository.rewrite(db, known, entry) {
            return try ActionRepository.attach(db, items, toLog: known)
        }
        let log = try ExecutionLogRepository.insert(db, entry)
        try ParkedBatchRepository.setLog(db, batch, log)
        try ActionRepository.attach(db, items, toLog: log)
    }
}

extension ParkingJournal.Note {
    var text: String {
        switch reason {
        case .limit:
            "\(count) parked: more than the \(limit) items that one run may destroy; approve or reject the batch"
        case .breaker:
            "\(count) parked: many users' rules match far more than before; decided anew when that is over"
        }
    }
}
