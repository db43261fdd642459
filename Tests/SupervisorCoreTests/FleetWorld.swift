import DomainModel
import ServiceSupport
import Sharding
import WireProtocol

@testable import SupervisorCore

/// A fleet with simulated processes that do what they are told whenever a die says so, and crash, hang or fail to start
/// when it says that. Keeps account of what a fleet must never do.
struct FleetWorld {
    struct Process {
        /// Orders that it has not read yet, in the order of the channel.
        var inbox: [ControlMessage] = []
        var hasGreeted = false
        var isReady = false
        var slots: Set<Slot> = []
        /// Was sent a signal that it heeds.
        var isDoomed = false
        /// Neither reads nor checks in any more; only KILL ends it.
        var isStuck = false
        /// Never came to life.
        var failsToSpawn = false
    }

    private(set) var machine: FleetStateMachine
    var processes: [ChildID: Process] = [:]
    var generator: SeededGenerator
    private(set) var now = ContinuousClock.now
    /// Chance, in percent, that a spawn fails.
    var spawnFailures = 0
    /// The exit code, once all is over.
    private(set) var finished: Int32?
    /// What must never happen and did.
    private(set) var violations: [String] = []

    init(workers: Int, seed: UInt64 = 1) {
        var limits = ChildLimits()
        limits.restart.backoff.jitter = 0
        machine = FleetStateMachine(map: SlotMap(workers: workers), limits: limits, shutdownGrace: .seconds(30))
        generator = SeededGenerator(seed: seed)
    }

    @discardableResult
    mutating func handle(_ event: FleetStateMachine.Event) -> [FleetStateMachine.Action] {
        let actions = machine.handle(event, at: now, using: &generator)
        if finished != nil, !actions.isEmpty { violations.append("\(actions) after the end") }
        for action in actions {
            switch action {
            case .spawn(let id): spawn(id)
            case .send(let id, let message): processes[id]?.inbox.append(message)
            case .signal(let id, let signal): take(signal, id)
            case .finish(let code):
                finished = code
                if !processes.isEmpty { violations.append("finished before \(processes.keys.sorted())") }
            default: break
            }
        }
        if let slot = slotWithTwoOwners { violations.append("slot \(slot) has two owners after \(event)") }
        return actions
    }

    private mutating func spawn(_ id: ChildID) {
        if processes[id] != nil { violations.append("\(id) is spawned while it lives") }
        var process = Process()
        process.failsToSpawn = Int.random(in: 0..<100, using: &generator) < spawnFailures
        processes[id] = process
    }

    private mutating func take(_ signal: ChildSignal, _ id: ChildID) {
        // Its number may be another program's by now.
        guard let process = processes[id] else { return violations.append("\(signal) to \(id), which is gone") }
        if !process.isStuck || signal == .kill { processes[id]?.isDoomed = true }
    }

    mutating func advance(_ seconds: Double) { now += .seconds(seconds) }

    /// As far as the machine wants to be woken, if it does.
    mutating func advanceToDeadline() {
        if let deadline = machine.nextDeadline { now = max(now, deadline) }
    }

    mutating func checkInAll() {
        for id in processes.keys.sorted() where processes[id]?.isReady == true && processes[id]?.isStuck == false {
            handle(.child(id, .checkedIn))
        }
    }

    /// Everything ready.
    mutating func boot() {
        handle(.start)
        for _ in 0..<20 { for id in processes.keys.sorted() { step(id) } }
    }

    // MARK: - What must hold

    var ownersOfEverySlot: [Int] {
        var owners = [Int](repeating: 0, count: Slot.count)
        for process in processes.values { for slot in process.slots { owners[Int(slot.number)] += 1 } }
        return owners
    }

    var slotWithTwoOwners: Int? { ownersOfEverySlot.firstIndex { $0 > 1 } }
}
