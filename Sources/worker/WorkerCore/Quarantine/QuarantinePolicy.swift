import DomainModel
import Registry
import ServiceSupport

/// Decides what is held against a user, and for how long. Pure.
///
/// One death of the process makes suspects of everybody it worked for; suspects are worked for one at a time, so that a
/// second death points at one user. That user is quarantined: 2 deaths -> 1 min, 3 -> 2 min, 4 -> 4 min, ... 11 -> 6 h.
/// A damaged file quarantines at once, with the same pauses.
struct QuarantinePolicy: Sendable {
    /// What may be done for a user now.
    enum Standing: Sendable, Equatable {
        case free
        /// Anything, but not beside another suspect.
        case suspect
        /// Nothing, until then.
        case barred(QuarantineRecord)
        /// Nothing before the file was looked at.
        case unexamined(QuarantineRecord)
    }

    /// One death may be anybody's.
    static let deathsToQuarantine = 2

    /// Doubles with each further incident. The shortest is long enough for a minute's worth of other users' polls, the
    /// longest short enough that a mended user is back within the day.
    var pauses = Backoff(base: .seconds(60), cap: .seconds(6 * 3_600), jitter: 0)
    /// After the last incident and its pause, deaths that nothing has disproved are forgotten: nobody may ask for the same
    /// again.
    var lapse: Duration = .seconds(3_600)

    /// The record after a death of the process while it worked for the user. Nil when this very death was counted before.
    func afterDeath(
        _ death: String, during work: UnfinishedWork, of user: UserID, on earlier: QuarantineRecord?, at now: Timestamp
    ) -> QuarantineRecord? {
        let earlier = earlier.flatMap { hasLapsed($0, at: now) ? nil : $0 }
        guard earlier?.evidence != death else { return nil }
        let deaths = (earlier.map { $0.cause == .damage ? 0 : $0.incidents } ?? 0) + 1
        let pause = deaths < Self.deathsToQuarantine ? nil : pauses.plainDelay(attempt: deaths - 1)
        return QuarantineRecord(
            user: user, cause: work.cause, incidents: deaths, lastIncident: now, until: pause.map { now + $0 },
            operations: work.operations, evidence: death)
    }

    /// The record after the user's file was found damaged.
    func afterDamage(
        _ evidence: String, of user: UserID, on earlier: QuarantineRecord?, at now: Timestamp
    ) -> QuarantineRecord {
        let looks = (earlier?.cause == .damage ? earlier?.incidents ?? 0 : 0) + 1
        return QuarantineRecord(
            user: user, cause: .damage, incidents: looks, lastIncident: now,
            until: now + pauses.plainDelay(attempt: looks), evidence: evidence)
    }

    func standing(_ record: QuarantineRecord?, at now: Timestamp) -> Standing {
        guard let record, !hasLapsed(record, at: now) else { return .free }
        guard let until = record.until else { return .suspect }
        if now < until { return .barred(record) }
        return record.cause == .damage ? .unexamined(record) : .suspect
    }

    /// Whether a completed poll shows that the user is sound. Not after a death over a request: the poll did not do
    /// what the request asked for.
    func isDisproved(byPollAt now: Timestamp, _ record: QuarantineRecord) -> Bool {
        record.cause == .poll && hasPaused(record, at: now)
    }

    /// The record after a request was answered without a death. Nil when that shows that the user is sound.
    func afterAnswer(to operation: String, _ record: QuarantineRecord, at now: Timestamp) -> QuarantineRecord? {
        guard record.cause == .request, hasPaused(record, at: now) else { return record }
        var record = record
        record.operations.remove(operation)
        return record.operations.isEmpty ? nil : record
    }

    private func hasPaused(_ record: QuarantineRecord, at now: Timestamp) -> Bool {
        record.until.map { now >= $0 } ?? true
    }

    /// A damaged file stays damaged until it is looked at.
    func hasLapsed(_ record: QuarantineRecord, at now: Timestamp) -> Bool {
        record.cause != .damage && now >= max(record.lastIncident, record.until ?? record.lastIncident) + lapse
    }
}
