import DomainModel
import UserStore

/// How long a user's file keeps what was done: finished actions for 90 days, and the newest 10,000 rows of the log.
enum JournalRetention {
    static let dayMilliseconds: Int64 = 86_400_000
    static let finishedActionDays: Int64 = 90
    static let logRows = 10_000

    /// Whether this is the user's first complete poll of a day (UTC). Needs no memory of its own: every complete poll
    /// leaves its time in the user's file, in the transaction that also deletes.
    static func isDue(lastPoll: Timestamp?, now: Timestamp) -> Bool {
        guard let lastPoll else { return true }
        return lastPoll.milliseconds / dayMilliseconds != now.milliseconds / dayMilliseconds
    }

    /// Deletes what is too old. Call before the poll's snapshot is written.
    static func keep(_ db: UserDatabase.Connection, at now: Timestamp) throws {
        let lastPoll = try SnapshotRepository.completed(db).values.max()
        guard isDue(lastPoll: lastPoll, now: now) else { return }
        try ActionRepository.prune(
            db, finishedBefore: now.advanced(byMilliseconds: -finishedActionDays * dayMilliseconds))
        try ParkedBatchRepository.prune(
            db, closedBefore: now.advanced(byMilliseconds: -finishedActionDays * dayMilliseconds))
        try ExecutionLogRepository.prune(db, keeping: logRows)
    }
}
