package import DomainModel

/// Who is registered, with which key, and when each user is due.
///
/// A worker writes only rows of users in its own slots, so no two processes write the same row. Every call is one
/// transaction: all of it happened or none. Errors are ``StorageError``.
package protocol UserRegistry: UserCatalogue {
    /// Brings the schema forward. Safe when several processes do it at once; returns how many steps were taken.
    @discardableResult
    func migrate(now: Timestamp) async throws -> Int

    /// All users of these slots in order of their ids, active or not. One query; fit for 100,000 users.
    func users(in slots: ClosedRange<Slot>) async throws -> [RegisteredUser]

    /// Nil when the user is not registered.
    func user(_ id: UserID) async throws -> RegisteredUser?

    /// Makes the user, or makes the known one active again, with this key and key name. Errors, pauses and failure counts of
    /// the past are cleared; schedule, rules and path of a known user stay.
    @discardableResult
    func register(_ user: NewUser) async throws -> RegisteredUser

    /// Takes in users with all that another registry knew of them. Who is registered already stays as they are.
    func adopt(_ users: [AdoptedUser], now: Timestamp) async throws

    /// The user who was registered with a key of this TorBox account, the first of several; nil when none was.
    func user(ofAccount account: Int64) async throws -> UserID?

    /// The user whose current key stands for this id, when the user's own id is another.
    func user(ofKey key: UserID) async throws -> UserID?

    /// The encrypted API key; nil when there is none.
    func encryptedKey(of user: UserID) async throws -> String?

    /// Writes the outcomes of many polls at once. Users removed meanwhile are passed over.
    func recordPolls(_ updates: [ScheduleUpdate]) async throws

    /// Whether the user is to be polled; with a due time, also when next.
    func setHasActiveRules(_ user: UserID, _ hasActiveRules: Bool, nextDue: Timestamp?) async throws

    /// Records the upload queues of users; the tiers stay. Users removed meanwhile are passed over.
    func recordUploads(_ backlogs: [UserID: UploadBacklog]) async throws

    /// Switches account and key on or off together. `reason` is kept as ``RegisteredUser/pausedReason`` while off.
    func setStatus(_ user: UserID, _ status: RegisteredUser.Status, reason: String?, now: Timestamp) async throws

    /// Records when users were present. Times older than the stored one are passed over.
    func touch(lastSeen: [UserID: Timestamp]) async throws

    /// Users with account and key active.
    func countActive(in slots: ClosedRange<Slot>) async throws -> Int

    /// Forgets the user and the key; the user's file stays. False when not registered.
    @discardableResult
    func remove(_ user: UserID) async throws -> Bool

    /// Who of these slots is quarantined or suspected, in no order.
    func quarantines(in slots: ClosedRange<Slot>) async throws -> [QuarantineRecord]

    /// Writes what is held against users, replacing what was. Users removed meanwhile are passed over.
    func quarantine(_ records: [QuarantineRecord]) async throws

    /// Forgets what was held against the user.
    func liftQuarantine(of user: UserID) async throws

    /// Some stored key, to try the master key on; nil when there is none.
    func anyKey() async throws -> (user: UserID, encryptedKey: String)?

    /// Stored keys in order of their users, from after the given one on.
    func storedKeys(after user: UserID?, limit: Int) async throws -> [StoredKey]

    /// Puts other texts in the place of stored ones, where those are still stored.
    func replaceKeys(_ replacements: [KeyReplacement]) async throws

    /// Writes one consistent moment of everything as an embedded registry's file, mode 0600, where nothing is yet.
    func copy(to destination: String) async throws

    /// Whether the last call reached the database. False only for one that is a server and away; its calls then fail with
    /// `unreachable` without waiting.
    var isReachable: Bool { get }

    /// Ends all access.
    func close() async throws
}

extension UserRegistry {
    /// As ``setHasActiveRules(_:_:nextDue:)`` without a change of schedule.
    package func setHasActiveRules(_ user: UserID, _ hasActiveRules: Bool) async throws {
        try await setHasActiveRules(user, hasActiveRules, nextDue: nil)
    }
}
