import DomainModel

/// Polls users when they are due, a bounded number at a time, each user at most once at a time.
///
/// The schedule lives in memory; it is rebuilt from the registry at start, so that what is written there after
/// every poll need not be written before it.
actor PollScheduler {
    /// Does one poll and says when the user is due again; nil means: not before somebody schedules it.
    typealias Poll = @concurrent @Sendable (_ user: UserID, _ due: Timestamp, _ place: PollPlace) async -> Timestamp?

    private let lane: PollLane?
    private let now: @Sendable () -> Timestamp
    private var queue = DueQueue()
    private var places: PollPlaces
    /// Users who became due again while their poll ran, with the earliest such time.
    private var rescheduled: [UserID: Timestamp] = [:]
    private var forgotten: Set<UserID> = []
    /// Work for a user that is no poll, in the order in which it was asked for.
    private struct Errand {
        var user: UserID
        var isAbandoned: @Sendable () -> Bool
        var work: @concurrent @Sendable () async -> Void
        var drop: @Sendable () -> Void
    }
    private var errands: [Errand] = []
    private var isPaused = false
    private var isStopping = false
    private var wake: CheckedContinuation<Void, Never>?
    /// Rings when the first user is due, or before.
    private var alarm: (due: Timestamp, task: Task<Void, Never>)?
    private var idleWaiters: [CheckedContinuation<Void, Never>] = []
    private var pollWaiters = PollWaiters()

    /// - Parameters:
    ///   - concurrency: How many polls and errands hold a place at once.
    ///   - lane: Where polls and errands run; nil for the cooperative pool.
    init(concurrency: Int, lane: PollLane? = nil, now: @escaping @Sendable () -> Timestamp) {
        places = PollPlaces(limit: concurrency)
        self.lane = lane
        self.now = now
    }

    /// Polls until ``stop()``; returns when the last poll under way has ended.
    func run(_ poll: @escaping Poll) async {
        // On the lane itself, so that the end of one poll and the start of the next change no threads.
        await withTaskExecutorPreference(lane?.executor) { await self.startWhatIsDue(poll) }
    }

    private func startWhatIsDue(_ poll: @escaping Poll) async {
        await withDiscardingTaskGroup { group in
            while !isStopping {
                startDue(in: &group, poll)
                await waitForWork()
            }
        }
        alarm?.task.cancel()
    }

    // MARK: Errands

    /// Errands that wait at a time. Bounded because each holds a caller.
    static let mostErrands = 1_000

    /// Does `work` while no poll of the user is under way and none begins, ahead of all who are due, and also while
    /// polls are paused. Once begun it goes on to its end, whatever becomes of the caller, and ``run(_:)`` waits for it.
    ///
    /// - Returns: nil when the work does not begin any more: the caller was cancelled, the user was forgotten, the
    ///   scheduler stopped, or too many wait already.
    nonisolated func perform<Result: Sendable>(
        for user: UserID, _ work: @escaping @concurrent @Sendable () async -> Result
    ) async -> Result? {
        let (results, result) = AsyncStream<Result>.makeStream()
        let abandoned = StopSignal()
        result.onTermination = { if case .cancelled = $0 { abandoned.stop() } }
        await enqueue(
            Errand(
                user: user, isAbandoned: { abandoned.isStopping },
                work: {
                    result.yield(await work())
                    result.finish()
                }, drop: { result.finish() }))
        for await value in results { return value }
        return nil
    }

    /// Errands that wait.
    var errandCount: Int { errands.count }

    private func enqueue(_ errand: Errand) {
        guard !isStopping, errands.count < Self.mostErrands else { return errand.drop() }
        errands.append(errand)
        wakeUp()
    }

    private func dropErrands(where condition: (UserID) -> Bool) {
        let dropped = errands.filter { condition($0.user) }
        errands.removeAll { condition($0.user) }
        for errand in dropped { errand.drop() }
    }

    private func startErrands(in group: inout DiscardingTaskGroup) {
        errands.removeAll { $0.isAbandoned() }
        while places.hasFree, !isStopping,
            let index = errands.firstIndex(where: { !places.contains($0.user) })
        {
            let errand = errands.remove(at: index)
            // A poll that is due meanwhile comes after.
            let due = queue.due(of: errand.user)
            queue.remove(errand.user)
            places.take(errand.user, due: due ?? now())
            group.addTask(executorPreference: lane?.executor) {
                await errand.work()
                await self.finished(errand.user, nextDue: due)
            }
        }
    }

    // MARK: Schedule

    /// Sets when a user is due. While the user's poll runs this asks for another one after it.
    func schedule(_ user: UserID, at due: Timestamp) {
        forgotten.remove(user)
        if places.contains(user) {
            rescheduled[user] = min(due, rescheduled[user] ?? due)
        } else {
            queue.schedule(user, at: due)
            wakeUp()
        }
    }

    /// Makes a user due at once: a rule was saved, somebody asked.
    func pollNow(_ user: UserID) { schedule(user, at: now()) }

    /// Makes a user due at once and returns when a poll that began after this call has ended, or when the user was
    /// forgotten or the scheduler stops. Throws `CancellationError` when cancelled.
    func pollAndWait(_ user: UserID) async throws {
        pollNow(user)
        let id = pollWaiters.nextID()
        await withTaskCancellationHandler {
            await withCheckedContinuation { waiter in
                guard !isStopping, !Task.isCancelled else { return waiter.resume() }
                pollWaiters.add(id, user, waiter)
            }
        } onCancel: {
            // Unstructured because the handler cannot wait; it only wakes the waiter up.
            Task { await self.giveUpWaiting(id) }
        }
        try Task.checkCancellation()
    }

    private func giveUpWaiting(_ id: UInt64) { pollWaiters.wake { $0.id == id } }

    /// Forgets users (removed, or their slot goes elsewhere). A poll under way ends by itself.
    func forget(_ users: some Sequence<UserID>) {
        let gone = Set(users)
        dropErrands { gone.contains($0) }
        for user in gone {
            queue.remove(user)
            rescheduled[user] = nil
            if places.contains(user) { forgotten.insert(user) }
            pollWaiters.wake { $0.user == user }
        }
    }

    /// Starts no polls while paused (TorBox is away); everybody stays due.
    func setPaused(_ paused: Bool) {
        isPaused = paused
        wakeUp()
    }

    func stop() {
        isStopping = true
        dropErrands { _ in true }
        pollWaiters.wake { _ in true }
        wakeUp()
    }

    /// Returns when none of the users that satisfy `condition` is being polled.
    func waitUntilIdle(_ condition: @Sendable (UserID) -> Bool) async {
        while places.users.contains(where: condition) {
            await withCheckedContinuation { idleWaiters.append($0) }
        }
    }

    // MARK: Status

    struct Status: Sendable {
        var scheduled: Int
        var running: Int
        /// Of those running: without a place, because they only act any more.
        var acting: Int
        var overdue: Int
        var isPaused: Bool
    }

    /// - Parameter tolerance: milliseconds after which a due user counts as overdue.
    func status(overdueAfter tolerance: Int64 = 60_000) -> Status {
        Status(
            scheduled: queue.count, running: places.count, acting: places.actingCount,
            overdue: queue.overdue(at: now(), byMoreThan: tolerance), isPaused: isPaused)
    }

    func due(of user: UserID) -> Timestamp? { queue.due(of: user) ?? rescheduled[user] ?? places.due(of: user) }

    func isPolling(_ user: UserID) -> Bool { places.contains(user) }

    // MARK: Machinery

    private func startDue(in group: inout DiscardingTaskGroup, _ poll: @escaping Poll) {
        startErrands(in: &group)
        guard !isPaused else { return }
        while places.hasFree, !isStopping {
            let moment = now()
            guard let due = queue.nextDue(), let user = queue.popDue(at: moment) else { return }
            places.take(user, due: due)
            let place = PollPlace { await self.leavePlace(of: user) }
            pollWaiters.began(user)
            group.addTask(executorPreference: lane?.executor) {
                let next = await poll(user, due, place)
                await self.finished(user, nextDue: next)
            }
        }
    }

    private func leavePlace(of user: UserID) {
        if places.leave(user) { wakeUp() }
    }

    private func finished(_ user: UserID, nextDue: Timestamp?) {
        places.end(user)
        pollWaiters.wake { $0.user == user && $0.hasBegun }
        let asked = rescheduled.removeValue(forKey: user)
        if forgotten.remove(user) == nil, let due = [nextDue, asked].compactMap(\.self).min() {
            queue.schedule(user, at: due)
        }
        let waiters = idleWaiters
        idleWaiters = []
        for waiter in waiters { waiter.resume() }
        wakeUp()
    }

    private func waitForWork() async {
        guard !isStopping else { return }
        if !isPaused, places.hasFree, let due = queue.nextDue() {
            let wait = due.milliseconds(since: now())
            if wait <= 0 { return }
            ring(at: due, after: wait)
        }
        await withCheckedContinuation { wake = $0 }
    }

    private func ring(at due: Timestamp, after wait: Int64) {
        if let alarm, alarm.due <= due { return }
        alarm?.task.cancel()
        // Unstructured because it only rings: ended by an earlier one, by its own time, or by run's end.
        let task = Task(executorPreference: lane?.executor) {
            try? await Task.sleep(for: .milliseconds(min(wait, 60_000)))  // A cancelled alarm need not ring.
            if !Task.isCancelled { await self.rang() }
        }
        alarm = (due, task)
    }

    private func rang() {
        alarm = nil
        wakeUp()
    }

    private func wakeUp() {
        wake?.resume()
        wake = nil
    }
}
