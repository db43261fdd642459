import DomainModel
import ServiceSupport
import Sharding
import WireProtocol

@testable import SupervisorCore

/// A fleet with simulated processes that do what they are told whenever a die says so, and crash when it says that.
struct FleetWorld {
    private struct Process {
        /// Orders that it has not read yet, in the order of the channel.
        var inbox: [ControlMessage] = []
        var hasGreeted = false
        var isReady = false
        var slots: Set<Slot> = []
        var isDoomed = false
    }

    private(set) var machine: FleetStateMachine
    private var processes: [ChildID: Process] = [:]
    private var generator: SeededGenerator
    private var now = ContinuousClock.now

    init(workers: Int, seed: UInt64 = 1) {
        var limits = ChildLimits()
        limits.restart.backoff.jitter = 0
        machine = FleetStateMachine(map: SlotMap(workers: workers), limits: limits, shutdownGrace: .seconds(30))
        generator = SeededGenerator(seed: seed)
    }

    @discardableResult
    mutating func handle(_ event: FleetStateMachine.Event) -> [FleetStateMachine.Action] {
        let actions = machine.handle(event, at: now, using: &generator)
        for action in actions {
            switch action {
            case .spawn(let id): processes[id] = Process()
            case .send(let id, let message): processes[id]?.inbox.append(message)
            case .signal(let id, _): processes[id]?.isDoomed = true
            default: break
            }
        }
        return actions
    }

    mutating func advance(_ seconds: Double) { now += .seconds(seconds) }

    mutating func checkInAll() {
        for id in processes.keys.sorted() where processes[id]?.isReady == true { handle(.child(id, .checkedIn)) }
    }

    /// Everything ready.
    mutating func boot() {
        handle(.start)
        for _ in 0..<20 { for id in processes.keys.sorted() { step(id) } }
    }

    /// Somebody does one thing that was asked for; nobody crashes.
    mutating func takeOrderlyStep() {
        advance(Double.random(in: 0...0.5, using: &generator))
        if Int.random(in: 0..<10, using: &generator) == 0 {
            checkInAll()
            handle(.timer)
        }
        if let id = randomProcess { step(id) }
    }

    mutating func takeRandomStep() {
        switch Int.random(in: 0..<100, using: &generator) {
        case 0..<4: handle(.scale(to: Int.random(in: 1...6, using: &generator)))
        case 4: handle(.reload)
        case 5..<7: if let id = randomProcess { crash(id) }
        case 7..<17:
            // Long enough that crashes are rarely too many for the restart policy, short of its patience with silence.
            advance(Double.random(in: 0...20, using: &generator))
            checkInAll()
            handle(.timer)
        default: if let id = randomProcess { step(id) }
        }
    }

    /// Nothing breaks any more: what was begun comes to its end.
    mutating func settle() {
        for _ in 0..<400 {
            for id in processes.keys.sorted() { step(id) }
            advance(1)
            checkInAll()
            handle(.timer)
        }
    }

    // MARK: - What must hold

    var ownersOfEverySlot: [Int] {
        Slot.all.map { slot in processes.values.count { $0.slots.contains(slot) } }
    }

    var slotWithTwoOwners: Int? { ownersOfEverySlot.firstIndex { $0 > 1 } }

    // MARK: - Processes

    private var randomProcess: ChildID? {
        mutating get { processes.keys.sorted().randomElement(using: &generator) }
    }

    private mutating func crash(_ id: ChildID) {
        processes[id] = nil
        handle(.child(id, .exited(.signalled(9))))
    }

    /// One thing that a process does.
    private mutating func step(_ id: ChildID) {
        guard var process = processes[id] else { return }
        if process.isDoomed { return crash(id) }
        guard process.hasGreeted else {
            processes[id]?.hasGreeted = true
            handle(.child(id, .greeted))
            return
        }
        guard !process.inbox.isEmpty else { return }
        let message = process.inbox.removeFirst()
        processes[id] = process
        obey(message, id)
    }

    private mutating func obey(_ message: ControlMessage, _ id: ChildID) {
        switch message {
        case .assign(let map):
            if case .worker(let index) = id { processes[id]?.slots = Set(map.slots(of: index)) }
            guard processes[id]?.isReady == false else { return }
            processes[id]?.isReady = true
            handle(.child(id, .ready))
        case .release(let slots, let epoch):
            processes[id]?.slots.subtract(slots)
            handle(.child(id, .released(slots: slots, epoch: epoch)))
        case .drain:
            processes[id] = nil
            handle(.child(id, .exited(.exited(0))))
        default: break
        }
    }
}
