import DomainModel
import Registry
import Storage
import TorBoxClient
import UserStore

/// What handlers and polls may do with a user: the gate of the registry, the user's file, the schedule.
struct UserAccess: Sendable {
    let directory: UserDirectory
    let registry: any UserRegistry
    let schedule: ScheduleWriter
    let pool: UserDatabasePool
    let files: DamagedFiles
    let keys: KeyRing
    let scheduler: PollScheduler
    let presence: PresenceBoard
    let inactivity: InactivityPolicy
    let writeClock = WriteClock()
    let now: @Sendable () -> Timestamp

    // MARK: The gate

    /// The registry's word on a caller (rest-api 0.2, step 5); throws the ``Refusal`` to answer with.
    @discardableResult
    func admit(_ user: UserID) throws -> RegisteredUser {
        guard let record = directory[user] else { throw Refusal(404, "User not registered") }
        guard record.isKeyActive else { throw Refusal(403, "API key inactive", code: "API_KEY_INACTIVE") }
        guard record.status == .active else { throw Refusal(403, "User account inactive") }
        return record
    }

    /// Whom a caller is served as: the user of that id, with the newest key. Throws ``MovedUser`` when the key is a later one of
    /// another user, or the ``Refusal`` to answer with.
    func admit(_ user: UserID, movedFrom key: UserID?) async throws {
        guard let record = directory[user] else {
            if key == nil, let owner = try await owner(ofKey: user) { throw MovedUser(owner: owner) }
            throw Refusal(404, "User not registered")
        }
        // An earlier key of the account lets nobody in any more: it may have been replaced because it was known.
        guard (record.keyID ?? user) == (key ?? user) else {
            throw Refusal(403, "API key was replaced by a newer one", code: "API_KEY_REPLACED")
        }
        try admit(user)
    }

    /// The user to whom a key leads that made no user of its own.
    func owner(ofKey key: UserID) async throws -> UserID? {
        do {
            let owner = try await registry.user(ofKey: key)
            directory.setOwner(ofKey: key, owner)
            return owner
        } catch let error as StorageError where error.code == .unreachable {
            // What was heard before is good until it is back; of all others we cannot say that they are nobody.
            if let owner = directory.owner(ofKey: key) { return owner }
            throw error
        }
    }

    /// Writing rules needs a key to act with.
    func requireUsableKey(_ user: UserID) throws {
        guard try admit(user).encryptedKey != nil else {
            throw Refusal(403, "API key missing", code: "API_KEY_MISSING")
        }
    }

    /// The user's key in the clear, for a call to TorBox.
    func account(_ user: UserID) throws -> TorBoxAccount {
        guard let record = directory[user], let stored = record.encryptedKey else {
            throw Refusal(403, "API key missing", code: "API_KEY_MISSING")
        }
        return TorBoxAccount(user: user, key: try keys.decrypt(stored))
    }

    // MARK: The file

    /// Makes the file when it is missing, and throws when it cannot be used.
    func open(_ user: UserID) async throws { try await files.withDatabase(of: user) { _ in } }

    func read<Value: Sendable>(
        _ user: UserID, _ body: @escaping @Sendable (UserDatabase.Connection) throws -> Value
    ) async throws -> Value {
        try await files.withDatabase(of: user) { try await $0.read(body) }
    }

    func write<Value: Sendable>(
        _ user: UserID, _ body: @escaping @Sendable (UserDatabase.Connection) throws -> Value
    ) async throws -> Value {
        // Also after an error: it may have come behind the commit.
        defer { writeClock.tick(user) }
        return try await files.withDatabase(of: user) { try await $0.write(body) }
    }

    // MARK: Presence

    /// A sign of life. One who was away for so long that polls had stopped is polled again at once.
    func noteActivity(of user: UserID) async {
        let moment = now()
        presence.touch(user, at: moment)
        guard let record = directory[user], inactivity.isInactive(lastSeen: record.lastSeen, at: moment) else { return }
        directory.update(user) {
            $0.lastSeen = moment
            if $0.pausedReason == InactivityPolicy.reason { $0.pausedReason = nil }
        }
        if record.isActive, record.hasActiveRules { await scheduler.pollNow(user) }
    }

    /// Somebody who changes or runs rules is not away, whatever their client tells. Of others this is no sign of life:
    /// their client may give none, and would then count as away a month later.
    func reviveIfInactive(_ user: UserID) async {
        guard inactivity.isInactive(lastSeen: directory[user]?.lastSeen, at: now()) else { return }
        await noteActivity(of: user)
    }

    // MARK: The schedule

    /// Durable before it returns, if only in the data directory: a rule that is stored as enabled is never overlooked after
    /// a crash. Whoever has rules again is due at once.
    func setHasActiveRules(_ user: UserID, _ hasActiveRules: Bool) async throws {
        guard directory[user]?.hasActiveRules != hasActiveRules else { return }
        try await schedule.setHasActiveRules(user, hasActiveRules, nextDue: hasActiveRules ? now() : nil)
        directory.update(user) { $0.hasActiveRules = hasActiveRules }
    }

    /// After any change of rules: what was added or changed is evaluated at once, not after half an hour.
    func rulesChanged(_ user: UserID, _ rows: [RuleRow]) async throws {
        await reviveIfInactive(user)
        let enabled = rows.filter(\.isEnabled)
        guard !enabled.isEmpty else {
            try await setHasActiveRules(user, false)
            return await scheduler.forget([user])
        }
        guard enabled.contains(where: { $0.evaluatedRevision != $0.revision }) else { return }
        // In the registry too: whoever owns the user after a crash must see that a poll is due.
        try await schedule.setHasActiveRules(user, true, nextDue: now())
        // A poll that began without rules may have said otherwise meanwhile.
        directory.update(user) { $0.hasActiveRules = true }
        // At once after the first of several changes; what follows it within moments is evaluated together.
        let (now, rest) = (now(), Self.restBetweenChanges)
        let rested = directory[user]?.lastPolled?.advanced(byMilliseconds: rest) ?? now
        await scheduler.schedule(user, at: min(max(now, rested), now.advanced(byMilliseconds: rest)))
    }

    /// Least time between two polls that changes of rules bring about, in milliseconds. Our own choice: half of what TorBox
    /// allows for a key would otherwise be used up by somebody who edits.
    private static let restBetweenChanges: Int64 = 2_000

    /// An administrator's word that the user may go on: a pause ends, refusals are forgotten, and a poll follows at once.
    func reactivate(_ user: UserID) async throws {
        try await registry.setStatus(user, .active, reason: nil, now: now())
        guard let record = try await registry.user(user) else { return }
        directory.insert([record])
        if record.hasActiveRules && record.isActive { await scheduler.pollNow(user) }
    }
}
