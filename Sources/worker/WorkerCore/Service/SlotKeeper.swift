import DomainModel
import Logging
import Observability
import Registry
import Sharding
import UserStore
import WireProtocol

/// Takes slots over and gives them up, in the order that keeps one writer per user: lock, load, serve; and back:
/// stop serving, end polls, close files, unlock.
struct SlotKeeper: Sendable {
    let parts: WorkerParts
    let index: Int
    let logger: Logger

    /// How long an earlier owner may take to let go (it may be draining).
    static let patience: Duration = .seconds(30)

    /// Owns what the map gives this worker from now on. What it takes away is given up by ``giveUp(_:)`` first.
    func adopt(_ map: SlotMap) async throws {
        let mine = map.slots(of: index)
        let fresh = Set(mine).subtracting(parts.ownership.slots)
        try await lock(mine)
        // What comes to us may have been here before, and been changed elsewhere since.
        if !fresh.isEmpty { parts.router.answers.clear() }
        for slot in fresh { parts.pool.admit(slot) }
        for range in Self.ranges(of: fresh) {
            let users = try await known(in: range)
            parts.users.directory.insert(users)
            let book = parts.userGuard.book
            try await RegistryWait.whileAway(logger) { try await book.load(range) }
        }
        await parts.postMortem.hold(over: fresh) { parts.users.directory[$0] != nil }
        // Earlier, a request would find its user unknown; later, a poll would find the slot not ours.
        parts.ownership.serve(fresh)
        for user in parts.users.directory.all
        where fresh.contains(user.id.slot) && user.isActive && user.hasActiveRules {
            await parts.scheduler.schedule(user.id, at: startTime(of: user.id, due: user.nextDue))
        }
        for user in parts.users.directory.all
        where fresh.contains(user.id.slot) && user.isActive && user.uploads.queued > 0 {
            await parts.uploadScheduler.schedule(user.id, at: startTime(of: user.id, due: user.uploads.nextAttempt))
        }
        parts.epoch.value = map.epoch
        logger.notice(
            "slots owned",
            metadata: [
                LogKey.count: "\(mine.count)", LogKey.epoch: "\(map.epoch)", "users": "\(parts.users.directory.count)",
            ])
    }

    /// Stops serving these slots and returns when nothing of them is open here.
    func giveUp(_ slots: [Slot]) async throws {
        parts.ownership.retire(slots)
        let leaving = Set(slots)
        await parts.users.presence.flush(at: parts.users.now())
        let users = parts.users.directory.removeAll(in: leaving)
        for scheduler in [parts.scheduler, parts.uploadScheduler] {
            await scheduler.forget(users)
            await scheduler.waitUntilIdle { leaving.contains($0.slot) }
        }
        parts.userGuard.book.forget(leaving)
        for slot in slots { try await parts.pool.close(slot) }
        await parts.scheduleWriter.flush()
        parts.events.end { leaving.contains($0.slot) }
        // What could not be written is the new owner's, who finds the marks in the data directory.
        await parts.scheduleWriter.forget(leaving)
        try parts.ownership.release(slots)
    }

    /// The users of the registry, and of those what it could not be told: that they have rules to evaluate, or uploads to make, now.
    private func known(in range: ClosedRange<Slot>) async throws -> [RegisteredUser] {
        let registry = parts.registry
        var users = try await RegistryWait.whileAway(logger) { try await registry.users(in: range) }
        let unsettled = try await parts.scheduleWriter.takeUp(in: range, now: parts.users.now())
        for index in users.indices where unsettled.contains(users[index].id) {
            users[index].hasActiveRules = true
            users[index].nextDue = nil
            // Perhaps it is uploads that were not told of; whoever looks counts them.
            users[index].uploads.queued = max(1, users[index].uploads.queued)
        }
        return users
    }

    private func lock(_ slots: [Slot]) async throws {
        let deadline = ContinuousClock.now.advanced(by: Self.patience)
        while true {
            do {
                return try parts.ownership.acquire(slots, serving: false)
            } catch let error as SlotLockError where error.isHeldElsewhere && ContinuousClock.now < deadline {
                logger.debug("waiting for the earlier owner of a slot", metadata: [LogKey.error: "\(error)"])
                try await Task.sleep(for: .milliseconds(50))
            }
        }
    }

    /// Overdue users do not all start in the same instant: each gets its own moment within the start spread, told by
    /// the id so that it is the same at every start.
    private func startTime(of user: UserID, due: Timestamp?) -> Timestamp {
        let now = parts.users.now()
        let due = due ?? now
        guard due <= now else { return due }
        let spread = parts.configuration.startSpread.wholeMilliseconds
        guard spread > 0, let share = Int64(user.hex.suffix(8), radix: 16) else { return now }
        return now.advanced(byMilliseconds: share % spread)
    }

    /// Runs of neighbouring slots, for one registry query each.
    static func ranges(of slots: Set<Slot>) -> [ClosedRange<Slot>] {
        slots.sorted().reduce(into: []) { ranges, slot in
            if let last = ranges.last, Int(last.upperBound.number) + 1 == Int(slot.number) {
                ranges[ranges.count - 1] = last.lowerBound...slot
            } else {
                ranges.append(slot...slot)
            }
        }
    }
}
