import DomainModel
import Logging
import Observability
import Registry
import TorBoxClient
import UserStore

/// Hands a user's queued uploads over to TorBox, in order, for the scheduler.
///
/// Before a create its row says `processing` and an attempt says `PENDING`, both committed; after it, both say what is
/// known. What a dead process or a lost answer left open is looked up in TorBox's lists before anything is sent again.
struct UploadProcessor: Sendable {
    let users: UserAccess
    let userGuard: UserGuard
    let client: TorBoxClient
    let files: UploadFiles
    let accounting: UploadAccounting
    let memory: UploadMemory
    let policy: UploadPolicy
    let stop: StopSignal
    /// Whether work for that user is to end at the next safe point.
    let isStopping: @Sendable (UserID) -> Bool
    let logger: Logger

    /// After a failure of our own, such as a full disk.
    static let ownTroubleSeconds: Int64 = 60

    /// The name under which a breadcrumb tells of this work.
    static let work = "uploads.hand-over"

    /// Works on the user's queue and says when to come back; nil: when somebody adds something.
    @concurrent func drain(_ user: UserID) async -> Timestamp? {
        guard let record = users.directory[user], record.isActive else { return nil }
        return switch await userGuard.work(Self.work, for: user, { await handOver(user) }) {
        case .made(let next): next
        case .put(off: let later): later
        }
    }

    private func handOver(_ user: UserID) async -> Timestamp? {
        do {
            try await takeUpInterrupted(user)
            let account = try users.account(user)
            for asset in AssetType.allCases where !isStopping(user) {
                try await UploadPass(processor: self, account: account, asset: asset).run()
            }
            return try await settle(user)
        } catch {
            guard !isStopping(user) else { return nil }
            logger.error(
                "uploads could not be worked on",
                metadata: [LogKey.userID: "\(user.short)", LogKey.error: "\(error)"])
            return users.now().advanced(bySeconds: Self.ownTroubleSeconds)
        }
    }

    private func takeUpInterrupted(_ user: UserID) async throws {
        let now = users.now()
        let rows = try await users.write(user) { db in
            try UploadAttemptRepository.prune(db, at: now)
            return try UploadRepository.takeUpInterrupted(db, message: UploadMessage.unsettled, at: now)
        }
        guard !rows.isEmpty else { return }
        logger.notice(
            "creates of an earlier process are looked up before anything is sent again",
            metadata: [LogKey.userID: "\(user.short)", LogKey.count: "\(rows.count)"])
    }

    /// Records what is left and when it is due.
    private func settle(_ user: UserID) async throws -> Timestamp? {
        let (memory, policy, now) = (memory, policy, users.now())
        let due = try await users.read(user) { db in
            try AssetType.allCases.compactMap { asset in
                try UploadOutlook.of(asset, of: user, db, memory, policy, at: now).due
            }.min()
        }
        try await accounting.record(user, nextAttempt: due)
        return due
    }
}
