import DomainModel
import Logging
import Observability
import Registry
import Synchronization

/// What is held against the users of this worker: in memory for every request and poll to ask, in the registry so that
/// no restart forgets it.
final class QuarantineBook: Sendable {
    private struct State {
        var records: [UserID: QuarantineRecord] = [:]
        /// Changed in memory, and not in the registry yet.
        var unwritten: Set<UserID> = []
    }

    private let state = Mutex(State())
    private let registry: any UserRegistry
    private let policy: QuarantinePolicy
    private let now: @Sendable () -> Timestamp
    private let logger: Logger

    init(
        registry: any UserRegistry, policy: QuarantinePolicy, now: @escaping @Sendable () -> Timestamp, logger: Logger
    ) {
        self.registry = registry
        self.policy = policy
        self.now = now
        self.logger = logger
    }

    // MARK: Looking

    func standing(of user: UserID) -> QuarantinePolicy.Standing {
        // Nearly always empty, and asked for every request.
        guard let record = record(of: user) else { return .free }
        return policy.standing(record, at: now())
    }

    func record(of user: UserID) -> QuarantineRecord? { state.withLock { $0.records[user] } }

    func isQuarantined(_ user: UserID) -> Bool { record(of: user)?.until != nil }

    /// Quarantined users, those on probation after a pause included, but no mere suspects; in the order of their ids.
    var quarantined: [QuarantineRecord] {
        state.withLock { $0.records.values.filter { $0.until != nil } }.sorted { $0.user < $1.user }
    }

    /// Users with a damaged file.
    var damaged: [QuarantineRecord] { quarantined.filter { $0.cause == .damage } }

    // MARK: Slots

    /// Learns what the registry knows of newly owned slots.
    func load(_ slots: ClosedRange<Slot>) async throws {
        let records = try await registry.quarantines(in: slots)
        state.withLock { for record in records { $0.records[record.user] = record } }
    }

    /// Somebody else's from now on.
    func forget(_ slots: Set<Slot>) {
        state.withLock { state in
            state.records = state.records.filter { !slots.contains($0.key.slot) }
            state.unwritten = state.unwritten.filter { !slots.contains($0.slot) }
        }
    }

    // MARK: Incidents

    /// Counts a death of a process against those it worked for. False when that is not in the registry yet.
    func blame(_ users: [UserID: UnfinishedWork], for death: String) async -> Bool {
        let moment = now()
        let records = state.withLock { state in
            let records = users.sorted { $0.key < $1.key }.compactMap { user, work in
                policy.afterDeath(death, during: work, of: user, on: state.records[user], at: moment)
            }
            for record in records { state.records[record.user] = record }
            state.unwritten.formUnion(records.map(\.user))
            return records
        }
        for record in records { log(record) }
        await write()
        return state.withLock { $0.unwritten.isDisjoint(with: users.keys) }
    }

    /// The user's file was found damaged. Passed over while that is known already: many may find it at once.
    func noteDamage(_ evidence: String, of user: UserID) async {
        let moment = now()
        let record = state.withLock { state -> QuarantineRecord? in
            let earlier = state.records[user]
            if case .barred(let known) = policy.standing(earlier, at: moment), known.cause == .damage,
                known.evidence == evidence
            {
                return nil
            }
            let record = policy.afterDamage(evidence, of: user, on: earlier, at: moment)
            state.records[user] = record
            state.unwritten.insert(user)
            return record
        }
        guard let record else { return }
        log(record)
        await write()
    }

    // MARK: Mending

    func pollCompleted(_ user: UserID) async {
        guard let record = record(of: user), policy.isDisproved(byPollAt: now(), record) else { return }
        await lift(user)
    }

    func answered(_ operation: String, of user: UserID) async {
        guard let record = record(of: user) else { return }
        guard let rest = policy.afterAnswer(to: operation, record, at: now()) else { return await lift(user) }
        state.withLock { state in
            // Unless another incident came between.
            if state.records[user] == record { state.records[user] = rest }
        }
    }

    func lift(_ user: UserID) async {
        let record = state.withLock { state in
            state.unwritten.insert(user)
            return state.records.removeValue(forKey: user)
        }
        if record?.until != nil {
            logger.notice("user quarantine lifted", metadata: [LogKey.userID: "\(user.short)"])
        }
        await write()
    }

    /// Forgets what is too long ago, and writes what could not be written before.
    func review() async {
        let moment = now()
        let lapsed = state.withLock { $0.records.values.filter { policy.hasLapsed($0, at: moment) }.map(\.user) }
        for user in lapsed { await lift(user) }
        await write()
    }

    // MARK: Writing

    /// What cannot be written is kept for the next review; in memory it counts already.
    private func write() async {
        let (users, records) = state.withLock { state in
            defer { state.unwritten = [] }
            return (state.unwritten, state.records)
        }
        for user in users.sorted() {
            do {
                if let record = records[user] {
                    try await registry.quarantine([record])
                } else {
                    try await registry.liftQuarantine(of: user)
                }
            } catch {
                state.withLock { _ = $0.unwritten.insert(user) }
                logger.error(
                    "cannot write a quarantine",
                    metadata: [LogKey.userID: "\(user.short)", LogKey.error: "\(error)"])
            }
        }
    }

    private func log(_ record: QuarantineRecord) {
        var metadata: Logger.Metadata = [
            LogKey.userID: "\(record.user.short)", LogKey.reason: "\(record.reason)",
            LogKey.count: "\(record.incidents)",
        ]
        guard let until = record.until else {
            return logger.warning("user suspected, the worker died while working for them", metadata: metadata)
        }
        metadata["until"] = "\(until.iso8601)"
        logger.error("user quarantined", metadata: metadata)
    }
}

extension QuarantineRecord {
    /// A bounded label for status and log.
    var reason: String {
        switch cause {
        case .poll: "crash_in_poll"
        case .request: "crash_in_request"
        case .damage: "damaged_file"
        }
    }
}
