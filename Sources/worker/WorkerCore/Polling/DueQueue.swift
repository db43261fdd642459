import DomainModel
import HeapModule

/// Who is due when: a heap with lazy deletion, so that moving a user to another time is cheap. Pure.
struct DueQueue {
    private struct Entry: Comparable {
        var due: Timestamp
        var user: UserID
        var generation: UInt64

        static func < (left: Entry, right: Entry) -> Bool { left.due < right.due }
    }

    private var heap = Heap<Entry>()
    private var current: [UserID: (due: Timestamp, generation: UInt64)] = [:]
    private var generation: UInt64 = 0

    /// Users with a due time.
    var count: Int { current.count }

    /// Sets (or moves) a user's due time.
    mutating func schedule(_ user: UserID, at due: Timestamp) {
        generation += 1
        current[user] = (due, generation)
        heap.insert(Entry(due: due, user: user, generation: generation))
        compactIfMostlyStale()
    }

    /// Forgets a user.
    mutating func remove(_ user: UserID) { current[user] = nil }

    func due(of user: UserID) -> Timestamp? { current[user]?.due }

    /// The earliest due time of anybody.
    mutating func nextDue() -> Timestamp? {
        dropStale()
        return heap.min?.due
    }

    /// Takes the user who has been due the longest, if anybody is due at `now`.
    mutating func popDue(at now: Timestamp) -> UserID? {
        dropStale()
        guard let first = heap.min, first.due <= now else { return nil }
        _ = heap.popMin()
        current[first.user] = nil
        return first.user
    }

    /// Users that have been due for longer than `milliseconds`.
    func overdue(at now: Timestamp, byMoreThan milliseconds: Int64) -> Int {
        current.values.count { now.milliseconds(since: $0.due) > milliseconds }
    }

    private mutating func dropStale() {
        while let first = heap.min, current[first.user]?.generation != first.generation { _ = heap.popMin() }
    }

    private mutating func compactIfMostlyStale() {
        guard heap.count > 64, heap.count > 4 * current.count else { return }
        heap = Heap(current.map { Entry(due: $0.value.due, user: $0.key, generation: $0.value.generation) })
    }
}
