import DomainModel
import Registry
import UserStore

/// Keeps the registry's word on upload queues true, so that a restart knows whom to wake: one user at a time, because
/// counting and writing must not overtake each other.
actor UploadAccounting {
    private let users: UserAccess
    private var busy: [UserID: [CheckedContinuation<Void, Never>]] = [:]

    init(users: UserAccess) { self.users = users }

    /// To be called before uploads are added: from then on a crash cannot hide them.
    func expect(_ user: UserID) async throws {
        guard users.directory[user]?.uploads.queued == 0 else { return }
        try await exclusively(user) {
            guard var backlog = users.directory[user]?.uploads, backlog.queued == 0 else { return }
            backlog.queued = 1
            backlog.nextAttempt = users.now()
            try await write(backlog, user)
        }
    }

    /// Counts what there is and records it.
    ///
    /// - Parameter nextAttempt: when the first upload may be tried; nil is now.
    func record(_ user: UserID, nextAttempt: Timestamp?) async throws {
        try await exclusively(user) {
            let (queued, retained) = try await users.read(user) {
                (try UploadRepository.queuedCount($0), try UploadRepository.retained($0))
            }
            guard var backlog = users.directory[user]?.uploads else { return }
            let before = backlog
            backlog.queued = queued
            backlog.nextAttempt = queued == 0 ? nil : nextAttempt
            backlog.retainedFiles = retained.files
            backlog.retainedBytes = retained.bytes
            if backlog != before { try await write(backlog, user) }
        }
    }

    private func write(_ backlog: UploadBacklog, _ user: UserID) async throws {
        try await users.schedule.recordUploads(backlog, of: user)
        users.directory.update(user) { $0.uploads = backlog }
    }

    private func exclusively(_ user: UserID, _ body: () async throws -> Void) async throws {
        if busy[user] == nil {
            busy[user] = []
        } else {
            // Whoever leaves hands its turn over.
            await withCheckedContinuation { busy[user, default: []].append($0) }
        }
        defer { leave(user) }
        try await body()
    }

    private func leave(_ user: UserID) {
        guard var waiters = busy[user], !waiters.isEmpty else { return busy[user] = nil }
        let next = waiters.removeFirst()
        busy[user] = waiters
        next.resume()
    }
}
