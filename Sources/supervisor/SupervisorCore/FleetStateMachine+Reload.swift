import Sharding
import WireProtocol

/// New processes for old, one at a time.
///
/// A gateway is started beside the one that serves, on the same listening socket, and only when it has answered a request
/// the old one is told to retire: at no time does nobody accept. It may take its time for clients that keep connections
/// alive, so nothing waits for its end. A worker has to go before its successor starts, because its
/// slots have one owner. Whoever cannot start by the new settings ends the reload: what was replaced is put back.
extension FleetStateMachine {
    mutating func beginReload(_ settings: FleetSettings?) {
        guard refusal == nil else { return }
        lastFailure = nil
        var before: FleetSettings?
        if let settings {
            before = FleetSettings(hung: limits.hung, shutdownGrace: shutdownGrace)
            apply(settings)
        }
        rollout = Rollout(waiting: [gateway] + workers, workers: settings?.workers, before: before)
    }

    /// Its end by itself says that the new settings do not work, not that the house cannot stand.
    func isOnTrial(_ id: ChildID) -> Bool {
        guard phase == .serving, let rollout, rollout.current == id else { return false }
        return rollout.failure == nil
    }

    mutating func continueRollout(
        at now: ContinuousClock.Instant, _ generator: inout some RandomNumberGenerator, _ actions: inout [Action]
    ) {
        guard rollout != nil else { return }
        if let current = rollout?.current {
            let isOver =
                current.isGateway
                ? finishGateway(current, at: now, &generator, &actions)
                : finishWorker(current, at: now, &generator, &actions)
            guard isOver else { return }
            rollout?.current = nil
        }
        while rollout?.current == nil, let next = takeNext() {
            // Whoever is down starts with what applies by then anyway.
            guard children[next]?.isReady == true else { continue }
            begin(next, at: now, &generator, &actions)
        }
        if rollout?.current == nil { finishRollout(at: now, &generator, &actions) }
    }

    // MARK: - Steps

    private mutating func takeNext() -> ChildID? {
        guard let next = rollout?.waiting.first else { return nil }
        rollout?.waiting.removeFirst()
        return next
    }

    private mutating func begin(
        _ id: ChildID, at now: ContinuousClock.Instant, _ generator: inout some RandomNumberGenerator,
        _ actions: inout [Action]
    ) {
        guard id.isGateway else {
            rollout?.current = id
            return tell([id], .replace(killAt: now + shutdownGrace), at: now, &generator, &actions)
        }
        let successor = id.successor
        children[successor] = ChildStateMachine(limits: limits)
        rollout?.current = successor
        tell([successor], .start, at: now, &generator, &actions)
    }

    /// True once the new gateway serves and the old one retires, or the new one was given up.
    private mutating func finishGateway(
        _ successor: ChildID, at now: ContinuousClock.Instant, _ generator: inout some RandomNumberGenerator,
        _ actions: inout [Action]
    ) -> Bool {
        if children[successor]?.isReady == true {
            let old = gateway
            gateway = successor
            rollout?.done.append(successor)
            tell([old], .retire, at: now, &generator, &actions)
            forgetRetiredGateways()
            return true
        }
        guard children[successor]?.isDown == true else { return false }
        children[successor] = nil
        fail("the new gateway did not become ready, see the log", &actions)
        return true
    }

    mutating func forgetRetiredGateways() {
        let retired = gateways.filter { $0 != gateway && $0 != rollout?.current }
        for id in retired where children[id]?.hasEnded == true { children[id] = nil }
    }

    /// True once the worker is ready again, or was given up.
    private mutating func finishWorker(
        _ id: ChildID, at now: ContinuousClock.Instant, _ generator: inout some RandomNumberGenerator,
        _ actions: inout [Action]
    ) -> Bool {
        guard let child = children[id] else { return true }
        if child.isReady {
            rollout?.done.append(id)
            return true
        }
        // A probe out of quarantine is a process: another may start only when it is gone.
        guard child.isDown, child.isQuarantined || child.hasEnded else { return false }
        let isFirstFailure = rollout?.failure == nil
        fail("\(id) did not become ready, see the log", &actions)
        if isFirstFailure {
            // By the settings it had, at once.
            children[id] = ChildStateMachine(limits: limits)
            tell([id], .start, at: now, &generator, &actions)
        }
        return true
    }

    // MARK: - Ends

    /// Puts back what was replaced. A failure while that is under way is left to the usual policy.
    private mutating func fail(_ reason: String, _ actions: inout [Action]) {
        guard var failed = rollout, failed.failure == nil else { return }
        actions.append(.revertSettings)
        if let before = failed.before { apply(before) }
        failed.failure = reason
        failed.workers = nil
        failed.waiting = failed.done
        failed.done = []
        rollout = failed
    }

    private mutating func finishRollout(
        at now: ContinuousClock.Instant, _ generator: inout some RandomNumberGenerator, _ actions: inout [Action]
    ) {
        guard let over = rollout else { return }
        rollout = nil
        lastFailure = over.failure
        if let failure = over.failure { actions.append(.announceFailure("reload failed: \(failure)")) }
        if let workers = over.workers { moveSlots(to: workers, at: now, &generator, &actions) }
    }

    private mutating func apply(_ settings: FleetSettings) {
        limits.hung = settings.hung
        shutdownGrace = settings.shutdownGrace
        for id in children.keys { children[id]?.limits.hung = settings.hung }
    }
}
