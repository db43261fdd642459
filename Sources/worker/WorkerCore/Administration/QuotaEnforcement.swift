import DomainModel
import Logging
import Observability
import Registry
import UserStore

/// Brings a user back within the quota by removing the files of uploads that have ended, oldest first.
struct QuotaEnforcement: Sendable {
    let users: UserAccess
    let files: UploadFiles
    let accounting: UploadAccounting
    let limits: RetentionLimits
    let logger: Logger

    struct Outcome: Sendable, Equatable {
        var evicted = 0
        /// What may not be removed is too much by itself.
        var isStillOver = false
    }

    /// Nil when the user is within the quota, or has none.
    func enforce(_ user: UserID) async throws -> Outcome? {
        guard users.directory[user]?.uploads.tier == .limited else { return nil }
        let stored = try await files.list(of: user)
        let sizes = Dictionary(stored.map { ($0.path, $0.bytes) }) { first, _ in first }
        var (count, bytes) = (Int64(stored.count), stored.reduce(0) { $0 + $1.bytes })
        guard limits.isExceeded(files: count, bytes: bytes) else { return nil }
        let rows = try await users.read(user) { try UploadRepository.evictable($0, limit: Int(Int32.max)) }
        var (ids, paths): ([Int64], [UploadPath]) = ([], [])
        for row in rows where limits.isExceeded(files: count, bytes: bytes) {
            guard let path = row.filePath.flatMap({ files.path($0, of: user) }), let size = sizes[path] else {
                continue
            }
            ids.append(row.id)
            paths.append(path)
            count -= 1
            bytes -= size
        }
        try await remove(paths, of: ids, user)
        return Outcome(evicted: paths.count, isStillOver: limits.isExceeded(files: count, bytes: bytes))
    }

    private func remove(_ paths: [UploadPath], of ids: [Int64], _ user: UserID) async throws {
        guard !paths.isEmpty else { return }
        let now = users.now()
        try await files.remove(paths)
        try await users.write(user) { try UploadRepository.markFileDeleted($0, ids, at: now) }
        try await accounting.record(user, nextAttempt: users.directory[user]?.uploads.nextAttempt)
        logger.notice(
            "old upload files removed, the user was over the quota",
            metadata: [LogKey.userID: "\(user.short)", LogKey.count: "\(paths.count)"])
    }
}
