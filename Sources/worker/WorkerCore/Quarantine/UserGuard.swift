import DomainModel
import Logging
import Registry
import WireProtocol

/// Stands before every piece of work for a user: keeps those out who are quarantined, works for suspects one at a time,
/// and leaves a breadcrumb while it lasts.
struct UserGuard: Sendable {
    let book: QuarantineBook
    let files: DamagedFiles
    let trail: BreadcrumbTrail
    let lane: SuspectLane
    let now: @Sendable () -> Timestamp

    /// How long a suspect's request waits for its turn.
    static let patience: Duration = .seconds(10)
    /// Until a suspect's poll tries again to have its turn.
    static let pollPause: Duration = .seconds(1)

    // MARK: Requests

    /// Throws a ``Refusal`` (503 with `Retry-After`) instead of serving when the user is quarantined.
    func serve(
        _ operation: String, of user: UserID, _ body: () async throws -> Response
    ) async throws -> Response {
        switch try await admission(of: user) {
        case .free: return try await trail.during(operation, of: user, body)
        case .suspect:
            guard await lane.enterForRequest(user, within: Self.patience) else {
                throw Refusal(
                    503, "User is being checked",
                    detail: "The service ended unexpectedly while working for this account.",
                    code: "USER_QUARANTINED", retryAfterSeconds: 5)
            }
            defer { lane.leave() }
            // Another suspect's turn may have been long, and told something about this one.
            if case .barred(let record) = book.standing(of: user) { throw refusal(record) }
            let response: Response
            do {
                response = try await trail.during(operation, of: user, body)
            } catch {
                await book.answered(operation, of: user)
                throw error
            }
            await book.answered(operation, of: user)
            return response
        }
    }

    private enum Admission { case free, suspect }

    private func admission(of user: UserID) async throws -> Admission {
        switch book.standing(of: user) {
        case .free: return .free
        case .suspect: return .suspect
        case .barred(let record), .unexamined(let record):
            guard record.cause == .damage, await files.reexamine(record) else { throw refusal(record) }
            return .free
        }
    }

    private func refusal(_ record: QuarantineRecord) -> Refusal {
        let until = record.until ?? now()
        let wait = max(1, Int((until.milliseconds(since: now()) + 999) / 1_000))
        guard record.cause == .damage else {
            return Refusal(
                503, "User is quarantined",
                detail: "The service ended unexpectedly \(record.incidents) times while working for this account. "
                    + "It is tried again at \(until.iso8601).",
                code: "USER_QUARANTINED", retryAfterSeconds: wait)
        }
        return Refusal(
            503, "User database is damaged",
            detail: "Its file is kept as it is; the operator can restore a backup. It is looked at again at "
                + "\(until.iso8601), or as soon as there is another file.",
            code: record.damageCode, retryAfterSeconds: wait)
    }

    // MARK: Polls

    enum Poll: Sendable {
        case made(PollPipeline.Result)
        /// Not before then.
        case put(off: Timestamp)
    }

    /// - Parameters:
    ///   - conclude: Up to the commit of what the poll intends: one piece of work, the fetching included.
    ///   - act: What it then asks of TorBox, which takes seconds for every ten actions: in pieces, so that not everybody who
    ///     only waits for TorBox is a suspect when the process dies, and suspects do not wait for each other's pace.
    func poll(
        _ user: UserID, conclude: () async -> PollPipeline.Course,
        act: (PollConclusion, UserTurns) async -> PollPipeline.Result
    ) async -> Poll {
        let (course, usedLane): (PollPipeline.Course, SuspectLane?)
        switch book.standing(of: user) {
        case .free: (course, usedLane) = (await trail.duringPoll(of: user, conclude), nil)
        case .suspect:
            guard lane.tryEnterForPoll(user) else { return .put(off: now() + Self.pollPause) }
            (course, usedLane) = (await trail.duringPoll(of: user, conclude), lane)
            lane.leave()
        case .barred(let record): return .put(off: record.until ?? now())
        case .unexamined(let record):
            guard await files.reexamine(record) else {
                // Only a new record tells when; without one the file could not be looked at.
                let until = book.record(of: user)?.until ?? now()
                return .put(off: max(until, now() + .seconds(60)))
            }
            (course, usedLane) = (await trail.duringPoll(of: user, conclude), nil)
        }
        switch course {
        case .over(let result): return .made(result)
        case .act(let conclusion):
            return .made(await act(conclusion, UserTurns(user: user, trail: trail, lane: usedLane)))
        }
    }

    // MARK: Other work

    enum Work<Result> {
        case made(Result)
        /// Not before then.
        case put(off: Timestamp)
    }

    /// Work that nobody waits for and that is no poll, such as handing uploads over; it leaves its mark under that name.
    func work<Result>(_ name: String, for user: UserID, _ body: () async -> Result) async -> Work<Result> {
        switch book.standing(of: user) {
        case .free: return .made(await trail.during(name, of: user, body))
        case .suspect:
            guard lane.tryEnterForPoll(user) else { return .put(off: now() + Self.pollPause) }
            defer { lane.leave() }
            let result = await trail.during(name, of: user, body)
            await book.answered(name, of: user)
            return .made(result)
        case .barred(let record), .unexamined(let record):
            // Polls and requests look at damaged files again; this waits for what they find.
            return .put(off: max(record.until ?? now(), now() + .seconds(60)))
        }
    }

    // MARK: Looking after it

    /// Looks at damaged files that are another or whose pause is over, and forgets what is long ago. Returns who may go on.
    func review() async -> [UserID] {
        await book.review()
        var mended: [UserID] = []
        for record in book.damaged where await files.reexamine(record) { mended.append(record.user) }
        return mended
    }
}
