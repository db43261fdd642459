import DomainModel

/// Those who wait for the end of a poll that has yet to begin.
struct PollWaiters {
    struct Waiter {
        var id: UInt64
        var user: UserID
        /// A poll of the user has begun since.
        var hasBegun = false
        fileprivate var continuation: CheckedContinuation<Void, Never>
    }

    private var waiters: [Waiter] = []
    private var lastID: UInt64 = 0

    mutating func nextID() -> UInt64 {
        lastID += 1
        return lastID
    }

    mutating func add(_ id: UInt64, _ user: UserID, _ continuation: CheckedContinuation<Void, Never>) {
        waiters.append(Waiter(id: id, user: user, continuation: continuation))
    }

    mutating func began(_ user: UserID) {
        for index in waiters.indices where waiters[index].user == user { waiters[index].hasBegun = true }
    }

    mutating func wake(_ isMeant: (Waiter) -> Bool) {
        for waiter in waiters where isMeant(waiter) { waiter.continuation.resume() }
        waiters.removeAll(where: isMeant)
    }
}
