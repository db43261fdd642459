import Glibc
import Sharding
import Synchronization
import WireProtocol

/// The fleet as it was after the latest event, for those who only look.
final class FleetBoard: Sendable {
    private struct State {
        var machine: FleetStateMachine
        var living: [ChildID: ChildProcess] = [:]
        /// By name: successive gateways count together.
        var starts: [String: Int] = [:]
    }

    private let state: Mutex<State>

    init(_ machine: FleetStateMachine) { state = Mutex(State(machine: machine)) }

    var machine: FleetStateMachine { state.withLock(\.machine) }

    func post(_ machine: FleetStateMachine) { state.withLock { $0.machine = machine } }

    func started(_ id: ChildID, _ process: ChildProcess) {
        state.withLock { state in
            state.living[id] = process
            state.starts["\(id)", default: 0] += 1
        }
    }

    /// Tells every worker that lives.
    func tellWorkers(_ message: ControlMessage) {
        let workers = state.withLock { state in
            state.living.filter { id, _ in id != .gateway && Self.words(state.machine.child(id)?.phase ?? .ended).lives
            }
        }
        for worker in workers.values { worker.post(message) }
    }

    func status(at now: ContinuousClock.Instant) -> FleetStatus {
        let state = state.withLock { $0 }
        return FleetStatus(
            state: state.machine.phaseName, pid: getpid(), workers: state.machine.map.workerCount,
            epoch: state.machine.map.epoch, changesMade: state.machine.changesMade,
            lastFailure: state.machine.lastFailure,
            children: state.machine.childIDs.map { Self.child($0, state, at: now) },
            quarantined: state.machine.childIDs.flatMap { id in
                (state.living[id]?.health?.quarantined ?? []).map {
                    FleetStatus.Quarantined(worker: "\(id)", user: $0.user, reason: $0.reason, until: $0.until)
                }
            })
    }

    private static func child(_ id: ChildID, _ state: State, at now: ContinuousClock.Instant) -> FleetStatus.Child {
        let (name, since, lives) = words(state.machine.child(id)?.phase ?? .ended)
        let process = lives ? state.living[id] : nil
        let health = process?.health
        var slots: Int?
        if case .worker(let index) = id { slots = state.machine.map.slots(of: index).count }
        return FleetStatus.Child(
            name: "\(id)", pid: process?.pid, state: name,
            uptimeSeconds: since.map { $0.duration(to: now).components.seconds },
            restarts: max(0, (state.starts["\(id)"] ?? 0) - 1), slots: slots,
            loopLagMilliseconds: health?.loopLagMilliseconds, gauges: health?.gauges ?? [:])
    }

    /// The word for a phase, since when it is ready, and whether there is a process.
    private static func words(
        _ phase: ChildStateMachine.Phase
    ) -> (name: String, since: ContinuousClock.Instant?, lives: Bool) {
        switch phase {
        case .idle: ("waiting", nil, false)
        case .starting: ("starting", nil, true)
        case .ready(let since, _): ("ready", since, true)
        case .condemned: ("hung", nil, true)
        case .stopping: ("stopping", nil, true)
        case .replacing: ("replacing", nil, true)
        case .backingOff: ("restarting", nil, false)
        case .quarantined: ("quarantined", nil, false)
        case .ended: ("ended", nil, false)
        }
    }
}
