import DomainModel
import Sharding
import WireProtocol

/// Changes of a serving house: another number of workers, and all processes new.
///
/// Slots move by release before acquire: those who lose slots give them up first, then everybody gets the new map.
/// A worker that starts meanwhile gets no map before that, so at no time can a slot have two owners.
extension FleetStateMachine {
    /// Why a change cannot begin now; nil when it can.
    package var refusal: String? {
        if phase != .serving { return phase == .startingWorkers || phase == .startingGateway ? "starting" : "stopping" }
        return isChanging ? "another change is under way" : nil
    }

    /// A scaling or reload is not over yet.
    package var isChanging: Bool { handover != nil || !leaving.isEmpty || rollout != nil }

    /// What an operator may have to wait for: `starting`, `serving`, `changing`, `stopping`.
    package var phaseName: String {
        switch phase {
        case .startingWorkers, .startingGateway: "starting"
        case .serving: isChanging ? "changing" : "serving"
        case .drainingGateway, .drainingWorkers, .finished: "stopping"
        }
    }

    // MARK: - Slots

    mutating func assign(_ id: ChildID, _ actions: inout [Action]) {
        // Everybody is given the new map when the hand-over is done.
        if id.isWorker, handover != nil { return }
        if id.isWorker { assigned.insert(id) }
        actions.append(.send(id, .assign(map)))
    }

    /// Keeps account of who may hold slots.
    mutating func noteSlots(_ id: ChildID, _ event: ChildStateMachine.Event) {
        switch event {
        case .exited, .spawnFailed:
            assigned.remove(id)
            handover?.pending[id] = nil
        case .released(let slots, let epoch) where handover?.target.epoch == epoch:
            handover?.pending[id]?.subtract(slots)
            if handover?.pending[id]?.isEmpty == true { handover?.pending[id] = nil }
        default: break
        }
    }

    mutating func beginScaling(
        to count: Int, at now: ContinuousClock.Instant, _ generator: inout some RandomNumberGenerator,
        _ actions: inout [Action]
    ) {
        guard refusal == nil else { return }
        lastFailure = nil
        moveSlots(to: count, at: now, &generator, &actions)
    }

    mutating func moveSlots(
        to count: Int, at now: ContinuousClock.Instant, _ generator: inout some RandomNumberGenerator,
        _ actions: inout [Action]
    ) {
        guard (1...Slot.count).contains(count), count != map.workerCount else { return }
        let target = map.resized(to: count)
        var pending: [ChildID: Set<Slot>] = [:]
        for index in 0..<map.workerCount where assigned.contains(.worker(index)) {
            let losses = SlotHandover.losses(of: index, from: map, to: target)
            guard !losses.isEmpty else { continue }
            pending[.worker(index)] = Set(losses)
            actions.append(.send(.worker(index), .release(slots: losses, epoch: target.epoch)))
        }
        handover = SlotHandover(target: target, pending: pending, deadline: now + SlotHandover.limit)
        let newcomers = (0..<count).dropFirst(map.workerCount).map(ChildID.worker)
        for id in newcomers { children[id] = ChildStateMachine(limits: limits) }
        workers += newcomers
        tell(newcomers, .start, at: now, &generator, &actions)
    }

    /// Ends those that did not give up their slots in time: the kernel takes the slots back with the process.
    mutating func pressHandover(
        at now: ContinuousClock.Instant, _ generator: inout some RandomNumberGenerator, _ actions: inout [Action]
    ) {
        guard let late = handover, let deadline = late.deadline, now >= deadline else { return }
        handover?.deadline = nil
        tell(late.pending.keys.sorted(), .overdue, at: now, &generator, &actions)
    }

    // MARK: - Going on

    mutating func moveChangesOn(
        at now: ContinuousClock.Instant, _ generator: inout some RandomNumberGenerator, _ actions: inout [Action]
    ) {
        guard isChanging else { return }
        finishHandover(at: now, &generator, &actions)
        for id in leaving where children[id]?.hasEnded == true {
            leaving.remove(id)
            children[id] = nil
            workers.removeAll { $0 == id }
        }
        continueRollout(at: now, &generator, &actions)
        if !isChanging { changesMade += 1 }
    }

    private mutating func finishHandover(
        at now: ContinuousClock.Instant, _ generator: inout some RandomNumberGenerator, _ actions: inout [Action]
    ) {
        guard let done = handover, done.pending.isEmpty else { return }
        map = done.target
        handover = nil
        let staying = (0..<map.workerCount).map(ChildID.worker)
        for id in staying + gateways where children[id]?.isListening == true { assign(id, &actions) }
        leaving = Set(workers).subtracting(staying)
        tell(leaving.sorted(), .stop(killAt: now + shutdownGrace), at: now, &generator, &actions)
    }
}
