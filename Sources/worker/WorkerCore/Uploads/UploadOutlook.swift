import DomainModel
import UserStore

/// How one kind's queue stands: what waits, for what, and until when.
struct UploadOutlook: Sendable {
    var gate: UploadGate?
    var budget: UploadBudget
    var allowance: UploadAllowance?
    /// Queued rows, and those of them that wait for a time of their own.
    var queued = 0
    var deferred = 0
    /// The first of those times.
    var nextAttempt: Timestamp?
    /// When something can be done next; nil with nothing queued.
    var due: Timestamp?

    static func of(
        _ asset: AssetType, of user: UserID, _ db: UserDatabase.Connection, _ memory: UploadMemory,
        _ policy: UploadPolicy, at now: Timestamp
    ) throws -> UploadOutlook {
        let attempts = try UploadAttemptRepository.recent(
            db, asset, since: now.advanced(bySeconds: -2 * UploadBudget.hour))
        let allowance = try UploadAllowanceRepository.current(db, asset)
        let gate = UploadGate.closed(
            after: attempts, policy, allowance: allowance, at: now, reachable: memory.reachable,
            renewed: memory.renewed(user))
        let waiting = try UploadRepository.waiting(db, at: now)[asset]
        var outlook = UploadOutlook(gate: gate, budget: UploadBudget(attempts, at: now), allowance: allowance)
        outlook.queued = waiting?.queued ?? 0
        outlook.deferred = waiting?.deferred ?? 0
        outlook.nextAttempt = waiting?.next
        outlook.due = outlook.nextDue(policy, at: now)
        return outlook
    }

    /// The hour's budget for uncached downloads: as TorBox says, else as documented.
    func uncachedLimit(_ policy: UploadPolicy) -> Int {
        allowance.flatMap { $0.isHourly ? $0.limit : nil } ?? policy.uncachedPerHour
    }

    private func nextDue(_ policy: UploadPolicy, at now: Timestamp) -> Timestamp? {
        guard queued > 0 else { return nil }
        guard queued > deferred else { return max(nextAttempt ?? now, gate?.until ?? now) }
        let ready = max(gate?.until ?? now, budget.edgeReset(limit: policy.createsPerMinute) ?? now)
        return [ready, nextAttempt].compactMap(\.self).min()
    }
}
