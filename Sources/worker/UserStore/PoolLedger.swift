import DomainModel
import OrderedCollections
import Storage

/// The bookkeeping of ``UserDatabasePool``: who has which file open, who waits, what to do next.
///
/// It does nothing but decide: it opens and closes no file and resumes nobody, but says who is to be resumed with what.
/// A file counts against the limit from when room is granted to open it until it is closed.
struct PoolLedger {
    /// What a caller is to do next.
    enum Step: Sendable {
        /// The file is open and counted as in use by the caller.
        case use(UserDatabase)
        /// Open the file, then report ``opened(_:_:)`` or ``openFailed(_:_:)``.
        case open
        /// Close this idle file, then report ``closed(_:keepsRoom:)``. Whoever claimed a file then opens that.
        case close(UserDatabase)
        /// The file is closed and the caller's alone.
        case closed
        /// Something changed; ask again.
        case retry
    }

    typealias Waiter = CheckedContinuation<Step, any Error>

    /// Somebody to be resumed, once no lock is held.
    struct Wake {
        var waiter: Waiter
        var result: Result<Step, any Error>
    }

    struct WaiterID: Hashable { var number: UInt64 }

    /// Somebody who waits until a file that is being opened or closed is the one or the other.
    private struct Joiner {
        var waiter: Waiter
        /// False for who only wants it closed, and so must not be counted as a use once it is open.
        var wantsUse: Bool
    }

    private enum Entry {
        /// Being opened, or waiting for room.
        case opening
        case open(UserDatabase, uses: Int)
        case closing
    }

    private let limit: Int
    private var entries: [UserID: Entry] = [:]
    /// Open and unused, the longest unused first.
    private var idle: OrderedSet<UserID> = []
    /// Those who wait for room, first come first served; each owns the `opening` entry of its user.
    private var queue: OrderedDictionary<WaiterID, (user: UserID, waiter: Waiter)> = [:]
    private var joiners: [UserID: OrderedDictionary<WaiterID, Joiner>] = [:]
    /// Who closes a file once its last use ends. Nobody new gets the file then.
    private var closers: [UserID: (id: WaiterID, waiter: Waiter)] = [:]
    private var shutSlots: Set<Slot> = []
    /// Users whose file was removed.
    private var shutUsers: Set<UserID> = []
    private var occupied = 0
    private var counts: (hits: Int, misses: Int, evictions: Int) = (0, 0, 0)
    private var lastNumber: UInt64 = 0

    init(limit: Int) { self.limit = limit }

    mutating func nextID() -> WaiterID {
        lastNumber += 1
        return WaiterID(number: lastNumber)
    }

    var statistics: PoolStatistics {
        PoolStatistics(
            limit: limit, open: occupied, inUse: occupied - idle.count, waiting: queue.count, hits: counts.hits,
            misses: counts.misses, evictions: counts.evictions)
    }
}

// MARK: - Getting a file

extension PoolLedger {
    /// An open file, counted as used; nil when it is not simply there.
    mutating func useOpen(_ user: UserID) -> UserDatabase? {
        guard case .open(let database, let uses) = entries[user], closers[user] == nil, !isShut(user) else {
            return nil
        }
        entries[user] = .open(database, uses: uses + 1)
        idle.remove(user)
        counts.hits += 1
        return database
    }

    /// What to do to get the user's file; nil when the waiter was kept and will be resumed with it.
    mutating func claim(_ user: UserID, _ id: WaiterID, _ waiter: Waiter) throws(StorageError) -> Step? {
        if isShut(user) { throw Self.shut(user) }
        if let database = useOpen(user) { return .use(database) }
        if entries[user] != nil {
            joiners[user, default: [:]][id] = Joiner(waiter: waiter, wantsUse: true)
            return nil
        }
        counts.misses += 1
        entries[user] = .opening
        if occupied < limit {
            occupied += 1
            return .open
        }
        if let victim = takeIdle() { return .close(victim) }
        queue[id] = (user, waiter)
        return nil
    }

    mutating func opened(_ user: UserID, _ database: UserDatabase) -> [Wake] {
        let wakes = wakeJoiners(of: user, with: .success(.use(database)))
        let uses = wakes.count { if case .success(.use) = $0.result { true } else { false } }
        entries[user] = .open(database, uses: 1 + uses)
        counts.hits += uses
        return wakes
    }

    /// Those who waited for the same file get the same error.
    mutating func openFailed(_ user: UserID, _ error: any Error) -> [Wake] {
        entries[user] = nil
        return wakeJoiners(of: user, with: .failure(error)) + freeRoom()
    }

    /// - Parameter result: For those who want to use the file; the others just look again.
    private mutating func wakeJoiners(of user: UserID, with result: Result<Step, any Error>) -> [Wake] {
        guard let waiting = joiners.removeValue(forKey: user) else { return [] }
        return waiting.values.map { Wake(waiter: $0.waiter, result: $0.wantsUse ? result : .success(.retry)) }
    }

    private mutating func takeIdle() -> UserDatabase? {
        guard let user = idle.first, case .open(let database, 0) = entries[user] else { return nil }
        idle.removeFirst()
        entries[user] = .closing
        counts.evictions += 1
        return database
    }
}

// MARK: - Giving it back

extension PoolLedger {
    /// One use has ended. A file that is now unused goes to whoever waits to close it, or is closed for whoever waits for
    /// room, or stays open.
    mutating func released(_ user: UserID) -> [Wake] {
        guard case .open(let database, let uses) = entries[user] else { return [] }
        entries[user] = .open(database, uses: uses - 1)
        guard uses == 1 else { return [] }
        if let closer = closers.removeValue(forKey: user) {
            entries[user] = .closing
            return [Wake(waiter: closer.waiter, result: .success(.close(database)))]
        }
        if let (_, next) = queue.elements.first {
            queue.removeFirst()
            entries[user] = .closing
            counts.evictions += 1
            return [Wake(waiter: next.waiter, result: .success(.close(database)))]
        }
        idle.append(user)
        return []
    }

    /// - Parameter keepsRoom: Whether the room goes to the one who closed the file, for a file of its own.
    mutating func closed(_ user: UserID, keepsRoom: Bool) -> [Wake] {
        entries[user] = nil
        return retryJoiners(of: user) + (keepsRoom ? [] : freeRoom())
    }

    /// A waiter gives up. Whoever waited along with it asks again.
    mutating func cancel(_ user: UserID, _ id: WaiterID) -> [Wake] {
        if let (_, waiter) = queue.removeValue(forKey: id) {
            entries[user] = nil
            return [Wake(waiter: waiter, result: .failure(CancellationError()))] + retryJoiners(of: user)
        }
        if let closer = closers[user], closer.id == id {
            closers[user] = nil
            return [Wake(waiter: closer.waiter, result: .failure(CancellationError()))] + retryJoiners(of: user)
        }
        guard let joiner = joiners[user]?.removeValue(forKey: id) else { return [] }
        return [Wake(waiter: joiner.waiter, result: .failure(CancellationError()))]
    }

    private mutating func freeRoom() -> [Wake] {
        guard let (_, next) = queue.elements.first else {
            occupied -= 1
            return []
        }
        queue.removeFirst()
        return [Wake(waiter: next.waiter, result: .success(.open))]
    }

    private mutating func retryJoiners(of user: UserID) -> [Wake] { wakeJoiners(of: user, with: .success(.retry)) }
}

// MARK: - Closing a slot or a user

extension PoolLedger {
    /// What to do to have the user's file closed and to be the only one to touch it, until ``releaseClosed(_:staysShut:)``:
    /// nothing more, close it, or ask again; nil when the waiter was kept.
    mutating func claimClosed(_ user: UserID, _ id: WaiterID, _ waiter: Waiter) throws(StorageError) -> Step? {
        if isShut(user) { throw Self.shut(user) }
        guard entries[user] != nil else {
            entries[user] = .closing
            return .closed
        }
        return claimToClose(user, id, waiter)
    }

    /// The file is closed, but stays with whoever closed it.
    mutating func closedForClaim() -> [Wake] { freeRoom() }

    /// - Parameter staysShut: Nobody gets the file from now on, until ``admit(_:)-(UserID)``.
    mutating func releaseClosed(_ user: UserID, staysShut: Bool) -> [Wake] {
        entries[user] = nil
        if staysShut { shutUsers.insert(user) }
        return retryJoiners(of: user)
    }

    mutating func admit(_ user: UserID) { shutUsers.remove(user) }

    private func isShut(_ user: UserID) -> Bool { shutSlots.contains(user.slot) || shutUsers.contains(user) }

    /// From now on nobody gets files of these slots; those who wait for room for one are told so.
    mutating func shut(_ slots: Set<Slot>) -> [Wake] {
        shutSlots.formUnion(slots)
        let refused = queue.filter { slots.contains($0.value.user.slot) }
        return refused.flatMap { id, waiting -> [Wake] in
            queue[id] = nil
            entries[waiting.user] = nil
            return [Wake(waiter: waiting.waiter, result: .failure(Self.shut(waiting.user)))]
                + retryJoiners(of: waiting.user)
        }
    }

    mutating func admit(_ slots: Set<Slot>) {
        shutSlots.subtract(slots)
        // Whoever owned them meanwhile may have made the users anew.
        shutUsers = shutUsers.filter { !slots.contains($0.slot) }
    }

    func users(in slots: Set<Slot>) -> [UserID] { entries.keys.filter { slots.contains($0.slot) }.sorted() }

    /// What to do to have the user's file closed: close it, or ask again while ``users(in:)`` still names it; nil when
    /// the waiter was kept and will be resumed once the last use has ended.
    mutating func claimToClose(_ user: UserID, _ id: WaiterID, _ waiter: Waiter) -> Step? {
        guard let entry = entries[user] else { return .retry }
        guard case .open(let database, let uses) = entry, closers[user] == nil else {
            joiners[user, default: [:]][id] = Joiner(waiter: waiter, wantsUse: false)
            return nil
        }
        if uses > 0 {
            closers[user] = (id, waiter)
            return nil
        }
        idle.remove(user)
        entries[user] = .closing
        return .close(database)
    }

    private static func shut(_ user: UserID) -> StorageError {
        StorageError(
            .closed, "cannot open \(DatabaseKind.user(user)): it is being handed over, restored or removed")
    }
}
