import DomainModel
import ServiceSupport
import Sharding
import Testing
import WireProtocol

@testable import SupervisorCore

@Suite struct FleetChangeTests {
    @Test("growing releases the moved slots first and gives everybody the new map once they are free")
    func grows() {
        var world = FleetWorld(workers: 1)
        world.boot()
        let actions = world.handle(.scale(to: 2))
        let map = SlotMap(workers: 1).resized(to: 2)
        let moved = map.slots(of: 1)
        #expect(actions.contains(.send(.worker(0), .release(slots: moved, epoch: 2))))
        #expect(actions.contains(.spawn(.worker(1))))
        #expect(world.handle(.child(.worker(1), .greeted)).isEmpty, "no map before the slots are free")
        let done = world.handle(.child(.worker(0), .released(slots: moved, epoch: 2)))
        for id in [ChildID.worker(0), .worker(1), .gateway] { #expect(done.contains(.send(id, .assign(map)))) }
        #expect(world.machine.changesMade == 1)
    }

    @Test("shrinking drains the surplus worker after it has released its slots, and forgets it when it has exited")
    func shrinks() {
        var world = FleetWorld(workers: 2)
        world.boot()
        world.handle(.scale(to: 1))
        let done = world.handle(.child(.worker(1), .released(slots: Array(Slot.all[128...]), epoch: 2)))
        #expect(done.contains(.send(.worker(1), .drain)))
        #expect(world.machine.refusal != nil)
        world.handle(.child(.worker(1), .exited(.exited(0))))
        #expect(world.machine.childIDs == [.worker(0), .gateway])
        #expect(world.machine.refusal == nil)
    }

    @Test("a worker that dies over its release has released; one that never answers is ended after a while")
    func lateRelease() {
        var world = FleetWorld(workers: 2)
        world.boot()
        world.handle(.scale(to: 3))
        world.advance(39)
        world.checkInAll()
        world.advance(2)
        #expect(world.handle(.timer).contains(.signal(.worker(0), .terminate)))
        for index in 0..<2 { world.handle(.child(.worker(index), .exited(.signalled(15)))) }
        #expect(world.machine.map.workerCount == 3)
        #expect(world.machine.handover == nil)
    }

    @Test("a reload replaces the gateway, then the workers, each only when the one before is ready")
    func reloads() {
        var world = FleetWorld(workers: 2)
        world.boot()
        var actions = world.handle(.reload)
        for id in [ChildID.gateway, .worker(0), .worker(1)] {
            #expect(actions == [.send(id, .drain)])
            #expect(world.machine.child(id)?.isReady == false)
            #expect(world.handle(.child(id, .exited(.exited(0)))).last == .spawn(id))
            world.handle(.child(id, .greeted))
            actions = world.handle(.child(id, .ready)).filter { if case .announce = $0 { false } else { true } }
        }
        #expect(actions.isEmpty)
        #expect(world.machine.changesMade == 1)
    }

    @Test("a change is refused during another and while stopping")
    func refuses() {
        var world = FleetWorld(workers: 2)
        #expect(world.machine.refusal == "starting")
        world.boot()
        world.handle(.reload)
        #expect(world.machine.refusal == "another change is under way")
        #expect(world.handle(.scale(to: 4)).isEmpty)
        world.handle(.stop)
        #expect(world.machine.refusal == "stopping")
    }

    @Test("no interleaving of scalings, crashes, releases and timers gives a slot two owners", arguments: 0..<20)
    func neverTwoOwners(seed: UInt64) {
        var world = FleetWorld(workers: 2, seed: seed)
        world.boot()
        for _ in 0..<300 {
            world.takeRandomStep()
            if let slot = world.slotWithTwoOwners {
                Issue.record("slot \(slot) has two owners")
                return
            }
        }
        world.settle()
        #expect(world.machine.refusal == nil)
        #expect(world.ownersOfEverySlot == Array(repeating: 1, count: Slot.count))
    }
}
