import DomainModel
import ServiceSupport
import Sharding
import WireProtocol

@testable import SupervisorCore

/// What happens in a ``FleetWorld``, one thing at a time.
extension FleetWorld {
    /// Somebody does one thing that was asked for; nobody crashes.
    mutating func takeOrderlyStep() {
        advance(Double.random(in: 0...0.5, using: &generator))
        if Int.random(in: 0..<10, using: &generator) == 0 {
            checkInAll()
            handle(.timer)
        }
        if let id = randomProcess { step(id) }
    }

    /// Scalings, reloads, crashes and time, on a fleet that serves.
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

    /// The same and everything else that a supervisor may live to see, in any order, at any time.
    mutating func takeWildStep() {
        switch Int.random(in: 0..<100, using: &generator) {
        case 0..<4: if let id = randomProcess { processes[id]?.isStuck = true }
        case 4..<7: if let id = randomProcess { loseChannel(id) }
        case 7..<9: if let id = randomProcess { handle(.child(id, .failed(reason: "no room"))) }
        case 9..<11: if let id = randomProcess { leave(id, code: Int32.random(in: 0...77, using: &generator)) }
        case 11..<14:
            // As late as it may be, or later.
            advanceToDeadline()
            advance(Double.random(in: 0...2, using: &generator))
            handle(.timer)
        // An event of a life that is over, come late over the channel.
        case 14..<17: handle(.child(.worker(Int.random(in: 0..<8, using: &generator)), staleEvent))
        case 17: handle(.start)
        default: takeRandomStep()
        }
    }

    /// Nothing breaks any more: what was begun comes to its end.
    mutating func settle() {
        spawnFailures = 0
        for _ in 0..<400 where finished == nil {
            for id in processes.keys.sorted() { step(id) }
            advance(1)
            checkInAll()
            handle(.timer)
        }
    }

    /// Not the end of the channel: it comes before the exit of the same life.
    private var staleEvent: ChildStateMachine.Event {
        mutating get {
            let events: [ChildStateMachine.Event] = [
                .drained, .checkedIn, .released(slots: Slot.all, epoch: machine.map.epoch),
            ]
            return events.randomElement(using: &generator) ?? .drained
        }
    }

    private var randomProcess: ChildID? {
        mutating get { processes.keys.sorted().randomElement(using: &generator) }
    }

    /// A process whose channel is gone takes its supervisor for dead, and ends.
    private mutating func loseChannel(_ id: ChildID) {
        if processes[id]?.isStuck == false { processes[id]?.isDoomed = true }
        handle(.child(id, .channelClosed))
    }

    private mutating func crash(_ id: ChildID) {
        processes[id] = nil
        handle(.child(id, .exited(.signalled(9))))
    }

    private mutating func leave(_ id: ChildID, code: Int32) {
        processes[id] = nil
        handle(.child(id, .exited(.exited(code))))
    }

    /// One thing that a process does.
    mutating func step(_ id: ChildID) {
        guard var process = processes[id] else { return }
        if process.failsToSpawn {
            processes[id] = nil
            handle(.child(id, .spawnFailed(reason: "no such file")))
            return
        }
        if process.isDoomed { return crash(id) }
        guard !process.isStuck else { return }
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
        case .drain, .retire: leave(id, code: 0)
        default: break
        }
    }
}
