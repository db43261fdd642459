import DomainModel
import Registry
import UserStore

/// The upload queue as handlers see it: where files go, whom to tell of new work.
struct UploadQueue: Sendable {
    let users: UserAccess
    let files: UploadFiles
    let staging: UploadStaging
    let accounting: UploadAccounting
    let memory: UploadMemory
    let policy: UploadPolicy
    let scheduler: PollScheduler

    /// Uploads that may wait for one user. Far beyond what TorBox takes in a day; it bounds what one key can put on disk.
    static let longest = 20_000

    /// Records that the user's queue has changed and wakes the processor. When it returns, a restart wakes it too.
    func changed(_ user: UserID) async throws {
        let now = users.now()
        try await accounting.record(user, nextAttempt: now)
        if users.directory[user]?.uploads.queued ?? 0 > 0 { await scheduler.schedule(user, at: now) }
    }

    /// The user's key was stored again: what waited for that goes on.
    func keyRenewed(_ user: UserID) async {
        memory.noteRenewal(user, at: users.now())
        if users.directory[user]?.uploads.queued ?? 0 > 0 { await scheduler.pollNow(user) }
    }

    /// TorBox answers again: nobody waits out a pause.
    func torBoxIsBack() async {
        memory.reachable = users.now()
        for user in users.directory.all where user.isActive && user.uploads.queued > 0 {
            await scheduler.pollNow(user.id)
        }
    }
}
