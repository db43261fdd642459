package import DomainModel

/// All that is decided about one child, over all its lives. Pure: events in, actions out, and one moment
/// (``nextDeadline``) at which the caller must hand in `.timer`.
package struct ChildStateMachine: Sendable {
    package enum Phase: Sendable, Equatable {
        case idle
        /// Spawned, not ready yet; given up at `limit`.
        case starting(since: ContinuousClock.Instant, limit: ContinuousClock.Instant)
        case ready(since: ContinuousClock.Instant, lastCheckIn: ContinuousClock.Instant)
        /// Given up by us (hung, or too slow to get ready); its end counts as a death. Nil once KILL was sent.
        case condemned(killAt: ContinuousClock.Instant?)
        /// Asked to stop; its end is the end. Nil once KILL was sent.
        case stopping(killAt: ContinuousClock.Instant?)
        /// Asked to stop so that a successor can start at once. Nil once KILL was sent.
        case replacing(killAt: ContinuousClock.Instant?)
        case backingOff(until: ContinuousClock.Instant, attempt: Int)
        case quarantined(until: ContinuousClock.Instant)
        /// For good.
        case ended
    }

    package enum Event: Sendable, Equatable {
        case start
        case greeted
        case ready
        case checkedIn
        case drained
        case failed(reason: String)
        case channelClosed
        case spawnFailed(reason: String)
        case exited(ProcessExit)
        case timer
        /// What the child needs to become ready is missing through no fault of its own: as long as it checks in, it
        /// gets the whole boot time again.
        case excused
        /// Drain, and KILL at the given moment.
        case stop(killAt: ContinuousClock.Instant)
        case kill
        /// Another does its work already: end when the clients have. A later `stop` ends it sooner.
        case retire
        /// Drain, and start again; KILL at the given moment.
        case replace(killAt: ContinuousClock.Instant)
        /// The worker has given these slots up. Decided upon by the fleet.
        case released(slots: [Slot], epoch: UInt64)
        /// Did not do in time what it was asked for: its end counts as a death.
        case overdue
    }

    package enum Action: Sendable, Equatable {
        case spawn
        /// Send the slot map.
        case assign
        case drain
        case retire
        case signal(ChildSignal)
        case announce(ChildAnnouncement)
        /// Stop the whole house with this exit code.
        case escalate(Int32)
    }

    package private(set) var phase = Phase.idle
    private var policy: RestartPolicy
    package var limits: ChildLimits
    /// The child has said hello, and its channel is still open: it can be asked to drain.
    private(set) var isListening = false
    /// Of this life.
    private var lastCheckIn: ContinuousClock.Instant?

    package init(limits: ChildLimits = ChildLimits()) {
        self.limits = limits
        policy = RestartPolicy(limits: limits.restart)
    }

    package var isReady: Bool {
        if case .ready = phase { true } else { false }
    }

    /// Quarantined, a probe that has not become ready included.
    package var isQuarantined: Bool { policy.isQuarantined && !isReady }

    package var hasEnded: Bool { phase == .ended }

    /// There is no process, and none is on its way.
    var isDown: Bool {
        switch phase {
        case .backingOff, .quarantined, .ended: true
        case .idle, .starting, .ready, .condemned, .stopping, .replacing: false
        }
    }

    /// When `.timer` is due; nil while only the child or the caller can move things on.
    package var nextDeadline: ContinuousClock.Instant? {
        switch phase {
        case .idle, .ended: nil
        case .starting(_, let limit): limit
        case .ready(let since, let lastCheckIn):
            policy.isQuarantined ? min(lastCheckIn + limits.hung, healthyAt(since)) : lastCheckIn + limits.hung
        case .condemned(let killAt), .stopping(let killAt), .replacing(let killAt): killAt
        case .backingOff(let until, _), .quarantined(let until): until
        }
    }

    package mutating func handle(
        _ event: Event, at now: ContinuousClock.Instant, using generator: inout some RandomNumberGenerator
    ) -> [Action] {
        switch event {
        case .start: return start(at: now)
        case .greeted: return greeted()
        case .ready: return becomeReady(at: now)
        case .checkedIn: return checkedIn(at: now)
        case .drained: return [.announce(.drained)]
        case .failed(let reason): return [.announce(.reportedFailure(reason))]
        case .channelClosed:
            isListening = false
            return []
        case .spawnFailed(let reason): return ended(.notStarted(reason), .restart, at: now, &generator)
        case .exited(let status): return ended(.exited(status), ExitDisposition(status), at: now, &generator)
        case .timer: return timer(at: now)
        case .excused: return excuse(at: now)
        case .stop(let killAt): return stop(killAt)
        case .kill: return killNow()
        case .retire: return stop(now + limits.retirement, asking: .retire)
        case .replace(let killAt): return replace(killAt)
        case .released: return []
        case .overdue: return overdue(at: now)
        }
    }
}

// MARK: - Life

extension ChildStateMachine {
    private mutating func start(at now: ContinuousClock.Instant) -> [Action] {
        switch phase {
        case .idle, .backingOff, .quarantined:
            isListening = false
            lastCheckIn = nil
            phase = .starting(since: now, limit: now + limits.boot)
            return [.spawn]
        case .starting, .ready, .condemned, .stopping, .replacing, .ended: return []
        }
    }

    private mutating func replace(_ killAt: ContinuousClock.Instant) -> [Action] {
        guard case .ready = phase else { return [] }
        phase = .replacing(killAt: killAt)
        return isListening ? [.drain] : [.signal(.terminate)]
    }

    private mutating func overdue(at now: ContinuousClock.Instant) -> [Action] {
        switch phase {
        case .starting, .ready:
            phase = .condemned(killAt: now + limits.killAfter)
            return [.signal(.terminate)]
        case .idle, .condemned, .stopping, .replacing, .backingOff, .quarantined, .ended: return []
        }
    }

    private mutating func greeted() -> [Action] {
        isListening = true
        guard case .starting = phase else { return [] }
        return [.assign]
    }

    private mutating func becomeReady(at now: ContinuousClock.Instant) -> [Action] {
        guard case .starting(let since, _) = phase else { return [] }
        phase = .ready(since: now, lastCheckIn: now)
        return [.announce(.ready(after: since.duration(to: now)))]
    }

    private mutating func checkedIn(at now: ContinuousClock.Instant) -> [Action] {
        lastCheckIn = now
        guard case .ready(let since, _) = phase else { return [] }
        phase = .ready(since: since, lastCheckIn: now)
        return proveHealthy(since: since, at: now)
    }

    private mutating func proveHealthy(since: ContinuousClock.Instant, at now: ContinuousClock.Instant) -> [Action] {
        guard now >= healthyAt(since), policy.provedHealthy() else { return [] }
        return [.announce(.recovered)]
    }

    private func healthyAt(_ readySince: ContinuousClock.Instant) -> ContinuousClock.Instant {
        readySince + limits.restart.resetAfter
    }

    private mutating func ended(
        _ death: ChildAnnouncement.Death, _ disposition: ExitDisposition, at now: ContinuousClock.Instant,
        _ generator: inout some RandomNumberGenerator
    ) -> [Action] {
        isListening = false
        switch phase {
        case .stopping:
            phase = .ended
            return [.announce(.ended(death))]
        case .replacing:
            phase = .idle
            return [.announce(.ended(death))] + start(at: now)
        case .ready(let since, _) where now >= healthyAt(since):
            let recovery = proveHealthy(since: since, at: now)
            return recovery + died(death, disposition, at: now, &generator)
        case .starting, .ready, .condemned: return died(death, disposition, at: now, &generator)
        case .idle, .backingOff, .quarantined, .ended: return []
        }
    }

    private mutating func died(
        _ death: ChildAnnouncement.Death, _ disposition: ExitDisposition, at now: ContinuousClock.Instant,
        _ generator: inout some RandomNumberGenerator
    ) -> [Action] {
        let died = Action.announce(.died(death))
        if case .escalate(let code) = disposition {
            phase = .ended
            return [died, .escalate(code)]
        }
        switch policy.died(at: now, using: &generator) {
        case .restart(let attempt, let delay):
            phase = .backingOff(until: now + delay, attempt: attempt)
            return [died, .announce(.restarting(attempt: attempt, delay: delay))]
        case .quarantine(let probeAfter):
            phase = .quarantined(until: now + probeAfter)
            return [died, .announce(.quarantined(probeAfter: probeAfter))]
        }
    }
}

// MARK: - Time and stopping

extension ChildStateMachine {
    private mutating func timer(at now: ContinuousClock.Instant) -> [Action] {
        guard let deadline = nextDeadline, now >= deadline else { return [] }
        switch phase {
        case .starting:
            return condemn(.terminate, .bootTimedOut(after: limits.boot), at: now)
        case .ready(let since, let lastCheckIn):
            guard now >= lastCheckIn + limits.hung else { return proveHealthy(since: since, at: now) }
            return condemn(.abort, .hung(after: limits.hung), at: now)
        case .condemned:
            phase = .condemned(killAt: nil)
            return [.signal(.kill), .announce(.killed)]
        case .stopping:
            phase = .stopping(killAt: nil)
            return [.signal(.kill), .announce(.killed)]
        case .replacing:
            phase = .replacing(killAt: nil)
            return [.signal(.kill), .announce(.killed)]
        case .backingOff, .quarantined: return start(at: now)
        case .idle, .ended: return []
        }
    }

    private mutating func excuse(at now: ContinuousClock.Instant) -> [Action] {
        guard case .starting(let since, _) = phase, let lastCheckIn, now < lastCheckIn + limits.hung else { return [] }
        phase = .starting(since: since, limit: now + limits.boot)
        return []
    }

    private mutating func condemn(
        _ signal: ChildSignal, _ announcement: ChildAnnouncement, at now: ContinuousClock.Instant
    ) -> [Action] {
        phase = .condemned(killAt: now + limits.killAfter)
        return [.announce(announcement), .signal(signal)]
    }

    private mutating func stop(_ killAt: ContinuousClock.Instant, asking order: Action = .drain) -> [Action] {
        switch phase {
        case .idle, .backingOff, .quarantined:
            phase = .ended
            return []
        case .starting, .ready:
            phase = .stopping(killAt: killAt)
            // A child that does not read the channel yet (or any more) has nothing to lose by a plain TERM.
            return isListening ? [order] : [.signal(.terminate)]
        case .condemned(let earlier), .replacing(let earlier):
            phase = .stopping(killAt: earlier)
            return []
        case .stopping(let earlier?):
            // One that retires takes its time until it is asked again.
            phase = .stopping(killAt: min(earlier, killAt))
            return isListening ? [order] : []
        case .stopping(nil), .ended: return []
        }
    }

    private mutating func killNow() -> [Action] {
        switch phase {
        case .idle, .backingOff, .quarantined:
            phase = .ended
            return []
        case .starting, .ready, .condemned, .stopping, .replacing:
            phase = .stopping(killAt: nil)
            return [.signal(.kill), .announce(.killed)]
        case .ended: return []
        }
    }
}
