package import DomainModel
package import Logging
import Storage
import Synchronization

/// Keeps the files of recently used users open, at most so many at a time.
///
/// A file in use is never closed. When all are in use, callers wait in order. One caller opens a file, and others who want
/// it meanwhile wait for that one. Do not use a file of another user inside a use: with all files in use that waits for
/// itself.
package final class UserDatabasePool: Sendable {
    private let opener: UserDatabaseOpener
    private let logger: Logger
    // Held for bookkeeping only; files are opened and closed, and waiters resumed, outside.
    private let ledger: Mutex<PoolLedger>

    /// - Parameter limit: Most files open at once, at least 1. Each costs 3 descriptors and some 0.3 MB, see docs/performance.md.
    package init(opener: UserDatabaseOpener, limit: Int, logger: Logger) {
        precondition(limit >= 1, "the pool holds at least one file")
        self.opener = opener
        self.logger = logger
        ledger = Mutex(PoolLedger(limit: limit))
    }

    /// Opens the user's file when needed, and keeps it open while `body` runs.
    ///
    /// - Throws: ``StorageError`` when the file cannot be opened (`notADatabase`, `corrupt`, `newerSchema`, ...) or its slot is
    ///   shut (`closed`); `CancellationError` when cancelled while waiting; else what `body` throws.
    package func withDatabase<Value>(
        of user: UserID, _ body: (UserDatabase) async throws -> Value
    ) async throws -> Value {
        let database = try await acquire(user)
        defer { resume(ledger.withLock { $0.released(user) }) }
        return try await body(database)
    }

    /// Whether the user has a file yet.
    package func fileExists(for user: UserID) -> Bool { opener.fileExists(for: user) }

    /// Where the user's file is or would be.
    package func path(of user: UserID) -> String { opener.path(of: user) }

    package var statistics: PoolStatistics { ledger.withLock { $0.statistics } }

    /// Lets nobody open files of the slot, waits until those in use are not any more, and closes all. After it returns no
    /// file of the slot is open here, and none will be until ``admit(_:)``. When cancelled it throws `CancellationError`; the
    /// slot stays shut, and files may still be open.
    package func close(_ slot: Slot) async throws { try await close([slot]) }

    /// Closes the user's file once its uses have ended, if it is open; it may be opened again at once.
    package func close(_ user: UserID) async throws {
        if case .close(let database) = try await step(user, { $0.claimToClose(user, $1, $2) }) {
            await close(database)
        }
    }

    /// The same for every slot, for good.
    package func closeAll() async throws { try await close(Set(Slot.all)) }

    /// Lets files of the slot be opened again, after ``close(_:)``. In the beginning all may.
    package func admit(_ slot: Slot) { ledger.withLock { $0.admit([slot]) } }

    private func close(_ slots: Set<Slot>) async throws {
        resume(ledger.withLock { $0.shut(slots) })
        while let user = ledger.withLock({ $0.users(in: slots) }).first { try await closeOnce(user) }
    }

    private func closeOnce(_ user: UserID) async throws {
        let step = try await step(user) { ledger, id, waiter in ledger.claimToClose(user, id, waiter) }
        if case .close(let database) = step { await close(database) }
    }
}

// MARK: - Files that are replaced or removed

extension UserDatabasePool {
    /// Waits until nobody uses the user's file, closes it, and runs `body` with its path; whoever wants the file meanwhile
    /// waits.
    ///
    /// - Parameter staysShut: After `body` succeeded nobody gets the file (`closed`), until ``admit(_:)-(UserID)``.
    /// - Throws: ``StorageError`` `closed` when the file is shut already; `CancellationError` when cancelled while waiting;
    ///   else what `body` throws.
    package func withClosedFile<Value: Sendable>(
        of user: UserID, staysShut: Bool = false, _ body: @escaping @Sendable (_ path: String) throws -> Value
    ) async throws -> Value {
        try await claimClosed(user)
        let path = path(of: user)
        do {
            let value = try await Blocking.run { try body(path) }
            resume(ledger.withLock { $0.releaseClosed(user, staysShut: staysShut) })
            return value
        } catch {
            resume(ledger.withLock { $0.releaseClosed(user, staysShut: false) })
            throw error
        }
    }

    private func claimClosed(_ user: UserID) async throws {
        while true {
            let step = try await step(user) { ledger, id, waiter throws(StorageError) in
                try ledger.claimClosed(user, id, waiter)
            }
            switch step {
            case .closed: return
            case .close(let database):
                await end(database)
                return resume(ledger.withLock { $0.closedForClaim() })
            case .use, .open, .retry: continue
            }
        }
    }

    /// Lets the user's file be opened again, after ``withClosedFile(of:staysShut:_:)``.
    package func admit(_ user: UserID) { ledger.withLock { $0.admit(user) } }
}

extension UserDatabasePool {
    private func acquire(_ user: UserID) async throws -> UserDatabase {
        if let database = ledger.withLock({ $0.useOpen(user) }) { return database }
        while true {
            let step = try await step(user) { ledger, id, waiter throws(StorageError) in
                try ledger.claim(user, id, waiter)
            }
            switch step {
            case .use(let database): return database
            case .open: return try await open(user)
            case .close(let victim): return try await open(user, inPlaceOf: victim)
            case .closed, .retry: continue
            }
        }
    }

    /// - Parameter victim: closed first, on the same thread: with more users than room, every opening closes a file.
    private func open(_ user: UserID, inPlaceOf victim: UserDatabase? = nil) async throws -> UserDatabase {
        do {
            let database = try await Blocking.run { [self] in
                if let victim { makeRoom(victim) }
                return try opener.open(user)
            }
            resume(ledger.withLock { $0.opened(user, database) })
            return database
        } catch {
            resume(ledger.withLock { $0.openFailed(user, error) })
            throw error
        }
    }

    /// Blocks. What makes room for others is wanted again at the user's next poll.
    private func makeRoom(_ victim: UserDatabase) {
        do { try victim.closeBlocking(soonAgain: true) } catch { noteUnclean(victim, error) }
        resume(ledger.withLock { $0.closed(victim.user, keepsRoom: true) })
    }

    private func close(_ database: UserDatabase) async {
        await end(database)
        resume(ledger.withLock { $0.closed(database.user, keepsRoom: false) })
    }

    private func end(_ database: UserDatabase) async {
        do { try await database.close() } catch { noteUnclean(database, error) }
    }

    /// The connection is given up either way, and nothing committed is lost.
    private func noteUnclean(_ database: UserDatabase, _ error: any Error) {
        logger.warning(
            "user database did not close cleanly",
            metadata: ["user.id": "\(database.user.short)", "error": "\(error)"])
    }

    /// Asks the ledger, and waits when it says so.
    private func step(
        _ user: UserID,
        _ ask: (inout PoolLedger, PoolLedger.WaiterID, PoolLedger.Waiter) throws(StorageError) -> PoolLedger.Step?
    ) async throws -> PoolLedger.Step {
        let id = ledger.withLock { $0.nextID() }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { waiter in
                do {
                    let step = try ledger.withLock { ledger throws -> PoolLedger.Step? in
                        // Under the lock, so that a cancellation is seen here or finds the waiter.
                        try Task.checkCancellation()
                        return try ask(&ledger, id, waiter)
                    }
                    if let step { waiter.resume(returning: step) }
                } catch {
                    waiter.resume(throwing: error)
                }
            }
        } onCancel: {
            resume(ledger.withLock { $0.cancel(user, id) })
        }
    }

    private func resume(_ wakes: [PoolLedger.Wake]) {
        for wake in wakes { wake.waiter.resume(with: wake.result) }
    }
}
