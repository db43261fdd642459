import DomainModel
import ServiceSupport
package import Sharding
package import WireProtocol

/// All that is decided about the whole fleet: workers first, the gateway once they are settled, the slot map to
/// everybody, the gateway drained before the workers, and the exit code. Pure, like ``ChildStateMachine``.
package struct FleetStateMachine: Sendable {
    package enum Event: Sendable, Equatable {
        case start
        case child(ChildID, ChildStateMachine.Event)
        case timer
        /// Drain everything, exit 0.
        case stop
        /// Asked twice: no more waiting.
        case kill
        /// Another number of workers, 1...256. Ignored while ``refusal`` says why not.
        case scale(to: Int)
        /// Replace every child, one after the other, by these settings from now on; nil for those there are. Ignored
        /// while ``refusal`` says why not.
        case replaceAll(FleetSettings?)

        package static let reload = Event.replaceAll(nil)
    }

    package enum Action: Sendable, Equatable {
        case spawn(ChildID)
        case send(ChildID, ControlMessage)
        case signal(ChildID, ChildSignal)
        case announce(ChildID, ChildAnnouncement)
        /// The gateway has answered a request through the workers for the first time.
        case announceServing
        case announceDraining
        /// Our copy of the listening socket must go, or it would keep taking connections that nobody answers.
        case closeListener
        /// Children are started by the settings before the latest reload again: those of the reload do not work.
        case revertSettings
        /// A scaling or reload did not do what it was asked for, and why.
        case announceFailure(String)
        case finish(exitCode: Int32)
    }

    enum Phase { case startingWorkers, startingGateway, serving, drainingGateway, drainingWorkers, finished }

    package internal(set) var map: SlotMap
    var phase = Phase.startingWorkers
    var children: [ChildID: ChildStateMachine]
    /// The one that serves; others are there while a reload replaces it, and until those that were replaced have ended.
    package internal(set) var gateway = ChildID.gateway
    /// Those that are ``leaving`` included.
    var workers: [ChildID]
    /// Workers whose process has been given a map, so that it may hold slots until it exits.
    var assigned: Set<ChildID> = []
    var handover: SlotHandover?
    /// Workers that the map no longer knows, until they have exited.
    var leaving: Set<ChildID> = []
    var rollout: Rollout?
    /// Scalings and reloads that are over.
    package internal(set) var changesMade = 0
    /// Why the latest of them failed; nil when it did not.
    package internal(set) var lastFailure: String?
    var limits: ChildLimits
    var shutdownGrace: Duration
    private var exitCode = ExitCode.stopped
    private var drain: Drain?

    /// When what happens at the latest, once a stop has begun.
    private struct Drain {
        /// Workers are asked, even if the gateway still waits for answers: they finish what they have.
        var workersAt: ContinuousClock.Instant
        var killAt: ContinuousClock.Instant
    }

    /// - Parameters:
    ///   - shutdownGrace: for the whole drain, then KILL; the workers are asked after half of it at the latest.
    package init(map: SlotMap, limits: ChildLimits = ChildLimits(), shutdownGrace: Duration) {
        self.map = map
        self.shutdownGrace = shutdownGrace
        self.limits = limits
        workers = (0..<map.workerCount).map(ChildID.worker)
        children = Dictionary(
            uniqueKeysWithValues: (workers + [gateway]).map { ($0, ChildStateMachine(limits: limits)) })
    }

    /// When `.timer` is due.
    package var nextDeadline: ContinuousClock.Instant? {
        let own = phase == .drainingGateway ? drain?.workersAt : nil
        return (children.values.map(\.nextDeadline) + [own, handover?.deadline]).compactMap(\.self).min()
    }

    /// All children: workers first, then the gateway that serves, then any other.
    package var childIDs: [ChildID] {
        workers.filter { children[$0] != nil }.sorted() + [gateway] + gateways.filter { $0 != gateway }
    }

    /// One, but for reloads.
    var gateways: [ChildID] { children.keys.filter(\.isGateway).sorted() }

    package func child(_ id: ChildID) -> ChildStateMachine? { children[id] }

    package mutating func handle(
        _ event: Event, at now: ContinuousClock.Instant, using generator: inout some RandomNumberGenerator
    ) -> [Action] {
        guard phase != .finished else { return [] }
        var actions: [Action] = []
        switch event {
        case .start: tell(workers, .start, at: now, &generator, &actions)
        case .child(let id, let event):
            tell([id], event, at: now, &generator, &actions)
            noteSlots(id, event)
        case .timer:
            // The gateway is not ready before a worker has answered it, and workers that are down may be all those
            // that it needs, so it is not held to its boot time meanwhile.
            if !areAllWorkersReady { tell(gateways, .excused, at: now, &generator, &actions) }
            tell(workers + gateways, .timer, at: now, &generator, &actions)
            pressHandover(at: now, &generator, &actions)
        case .stop: beginStop(ExitCode.stopped, at: now, &generator, &actions)
        case .kill:
            beginStop(ExitCode.stopped, at: now, &generator, &actions)
            tell(workers + gateways, .kill, at: now, &generator, &actions)
        case .scale(let count): beginScaling(to: count, at: now, &generator, &actions)
        case .replaceAll(let settings): beginReload(settings)
        }
        moveOn(at: now, &generator, &actions)
        return actions
    }
}

extension FleetStateMachine {
    mutating func tell(
        _ ids: [ChildID], _ event: ChildStateMachine.Event, at now: ContinuousClock.Instant,
        _ generator: inout some RandomNumberGenerator, _ actions: inout [Action]
    ) {
        for id in ids {
            let wanted = children[id]?.handle(event, at: now, using: &generator) ?? []
            for action in wanted { translate(action, of: id, at: now, &generator, &actions) }
        }
    }

    private mutating func translate(
        _ action: ChildStateMachine.Action, of id: ChildID, at now: ContinuousClock.Instant,
        _ generator: inout some RandomNumberGenerator, _ actions: inout [Action]
    ) {
        switch action {
        case .spawn: actions.append(.spawn(id))
        case .assign: assign(id, &actions)
        case .drain: actions.append(.send(id, .drain))
        case .retire: actions.append(.send(id, .retire))
        case .signal(let signal): actions.append(.signal(id, signal))
        case .announce(let announcement): actions.append(.announce(id, announcement))
        case .escalate(let code):
            // The rollout sees its end, and takes the settings back.
            if isOnTrial(id) { return }
            beginStop(code, at: now, &generator, &actions)
        }
    }

    /// Goes as many phases further as the children allow.
    private mutating func moveOn(
        at now: ContinuousClock.Instant, _ generator: inout some RandomNumberGenerator, _ actions: inout [Action]
    ) {
        if drain == nil, isBeyondHope { beginStop(ExitCode.temporary, at: now, &generator, &actions) }
        if phase == .startingWorkers, areWorkersSettled {
            phase = .startingGateway
            tell([gateway], .start, at: now, &generator, &actions)
        }
        if phase == .startingGateway, children[gateway]?.isReady == true {
            phase = .serving
            actions.append(.announceServing)
        }
        if phase == .serving {
            forgetRetiredGateways()
            moveChangesOn(at: now, &generator, &actions)
        }
        if phase == .drainingGateway, let drain, hasGatewayEnded || now >= drain.workersAt {
            phase = .drainingWorkers
            tell(workers, .stop(killAt: drain.killAt), at: now, &generator, &actions)
        }
        if phase == .drainingWorkers, hasGatewayEnded, workers.allSatisfy({ children[$0]?.hasEnded == true }) {
            phase = .finished
            actions.append(.finish(exitCode: exitCode))
        }
    }

    private var areAllWorkersReady: Bool { workers.allSatisfy { children[$0]?.isReady == true } }

    private var hasGatewayEnded: Bool { gateways.allSatisfy { children[$0]?.hasEnded == true } }

    /// The gateway is down for long, or all workers are.
    private var isBeyondHope: Bool {
        children[gateway]?.isQuarantined == true
            || workers.allSatisfy {
                leaving.contains($0) || (children[$0]?.isQuarantined == true && !isOnTrial($0))
            }
    }

    /// Every worker is ready or given up for now, and at least one (see ``isBeyondHope``) is ready. Waiting for a
    /// quarantined one would hide the users of all others.
    private var areWorkersSettled: Bool {
        workers.allSatisfy { children[$0]?.isReady == true || children[$0]?.isQuarantined == true }
    }

    private mutating func beginStop(
        _ code: Int32, at now: ContinuousClock.Instant, _ generator: inout some RandomNumberGenerator,
        _ actions: inout [Action]
    ) {
        // The first reason to stop is the one to tell.
        guard drain == nil else { return }
        exitCode = code
        handover = nil
        rollout = nil
        let drain = Drain(workersAt: now + shutdownGrace / 2, killAt: now + shutdownGrace)
        self.drain = drain
        phase = .drainingGateway
        actions += [.announceDraining, .closeListener]
        tell(gateways, .stop(killAt: drain.killAt), at: now, &generator, &actions)
    }
}
