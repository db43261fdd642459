import DomainModel
import Logging
import Observability
import Registry
import Storage

/// Writes the schedule to the registry: what polls leave in batches, at most a second later; whether a user has rules at
/// once. While the registry's server is away both wait here, at most one of each for a user, and are written on its return.
///
/// What a crash loses here is only that some polls happened: their users are polled again sooner than needed.
actor ScheduleWriter {
    private struct RulesFlag: Equatable {
        var hasActiveRules: Bool
        var nextDue: Timestamp?
    }

    private let registry: any UserRegistry
    private let unsettled: UnsettledUsers
    private let logger: Logger
    private var pending: [UserID: ScheduleUpdate] = [:]
    private var flags: [UserID: RulesFlag] = [:]
    private var backlogs: [UserID: UploadBacklog] = [:]
    /// Users of whom the registry says that a poll is due, since before their last one: it need not be told again.
    private var announced: Set<UserID> = []
    private var failures = 0

    init(registry: any UserRegistry, unsettled: UnsettledUsers, logger: Logger) {
        self.registry = registry
        self.unsettled = unsettled
        self.logger = logger
    }

    // MARK: Polls

    /// A later update of the same user replaces the earlier; times that it leaves out are kept.
    func add(_ update: ScheduleUpdate) {
        var update = update
        let earlier = pending[update.user]
        update.lastPolled = update.lastPolled ?? earlier?.lastPolled
        update.lastSuccess = update.lastSuccess ?? earlier?.lastSuccess
        pending[update.user] = update
        announced.remove(update.user)
    }

    // MARK: Rules

    /// Durable when it returns: in the registry, or while that is away as a mark in the data directory.
    ///
    /// - Parameter nextDue: Set when a poll is due now.
    func setHasActiveRules(_ user: UserID, _ hasActiveRules: Bool, nextDue: Timestamp? = nil) async throws {
        if hasActiveRules, nextDue != nil, announced.contains(user) { return }
        announced.remove(user)
        guard flags[user] == nil else {
            // An earlier one waits, and must not come after this.
            return try await keep(user, RulesFlag(hasActiveRules: hasActiveRules, nextDue: nextDue))
        }
        do {
            try await registry.setHasActiveRules(user, hasActiveRules, nextDue: nextDue)
            guard hasActiveRules, let nextDue else { return }
            // What an earlier poll left to be written must not say otherwise.
            pending[user]?.nextDue = nextDue
            announced.insert(user)
        } catch let error as StorageError where error.code == .unreachable {
            try await keep(user, RulesFlag(hasActiveRules: hasActiveRules, nextDue: nextDue))
        }
    }

    /// Users of these slots whose rules the registry has not been told of, by this process or one before it. Tells it now
    /// or when it is back.
    func takeUp(in slots: ClosedRange<Slot>, now: Timestamp) async throws -> Set<UserID> {
        let users = try await unsettled.users(in: slots)
        for user in users where flags[user] == nil { flags[user] = RulesFlag(hasActiveRules: true, nextDue: now) }
        return users
    }

    /// Drops what waits for users of these slots: their new owner writes from now on.
    func forget(_ slots: Set<Slot>) {
        pending = pending.filter { !slots.contains($0.key.slot) }
        flags = flags.filter { !slots.contains($0.key.slot) }
        announced = announced.filter { !slots.contains($0.slot) }
        backlogs = backlogs.filter { !slots.contains($0.key.slot) }
    }

    private func keep(_ user: UserID, _ flag: RulesFlag) async throws {
        flags[user] = RulesFlag(
            hasActiveRules: flag.hasActiveRules, nextDue: flag.nextDue ?? flags[user]?.nextDue)
        try await unsettled.mark(user)
    }

    // MARK: Uploads

    /// As ``setHasActiveRules(_:_:nextDue:)`` for the word on a user's upload queue.
    func recordUploads(_ backlog: UploadBacklog, of user: UserID) async throws {
        if backlogs[user] == nil {
            do {
                return try await registry.recordUploads([user: backlog])
            } catch let error as StorageError where error.code == .unreachable {}  // Kept below.
        }
        backlogs[user] = backlog
        try await unsettled.mark(user)
    }

    // MARK: Writing

    /// Writes what has gathered. What cannot be written is kept for the next time: one entry a user at most.
    func flush() async {
        guard backlog > 0 else { return }
        do {
            try await writeFlags()
            try await writeBacklogs()
            try await writePolls()
            guard failures > 0 else { return }
            logger.notice("schedule written again", metadata: [LogKey.repeated: "\(failures)"])
            failures = 0
        } catch {
            failures += 1
            if failures == 1 { logger.error("cannot write the schedule", metadata: [LogKey.error: "\(error)"]) }
        }
    }

    /// Entries that wait.
    var backlog: Int { pending.count + flags.count + backlogs.count }

    private func writeFlags() async throws {
        for user in flags.keys {
            guard let flag = flags[user] else { continue }
            try await registry.setHasActiveRules(user, flag.hasActiveRules, nextDue: flag.nextDue)
            // A newer one may have come meanwhile; the next flush writes it.
            if flags[user] == flag { flags[user] = nil }
            try await settle(user)
        }
    }

    private func writeBacklogs() async throws {
        for user in backlogs.keys {
            guard let backlog = backlogs[user] else { continue }
            try await registry.recordUploads([user: backlog])
            if backlogs[user] == backlog { backlogs[user] = nil }
            try await settle(user)
        }
    }

    /// Takes the user's mark away once nothing of theirs waits.
    private func settle(_ user: UserID) async throws {
        guard flags[user] == nil, backlogs[user] == nil else { return }
        try await unsettled.clear(user)
        // What came while the mark was removed needs it again.
        if flags[user] != nil || backlogs[user] != nil { try await unsettled.mark(user) }
    }

    private func writePolls() async throws {
        guard !pending.isEmpty else { return }
        let batch = pending
        pending = [:]
        do {
            try await registry.recordPolls(Array(batch.values))
        } catch {
            pending.merge(batch) { newer, _ in newer }
            throw error
        }
    }
}
