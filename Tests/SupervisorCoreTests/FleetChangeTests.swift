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

    @Test("a reload starts the new gateway first, retires the old one, and replaces the workers one by one meanwhile")
    func reloads() {
        var world = FleetWorld(workers: 2)
        world.boot()
        let next = ChildID.nthGateway(1)
        #expect(world.handle(.reload) == [.spawn(next)])
        #expect(world.handle(.child(next, .greeted)) == [.send(next, .assign(world.machine.map))])
        #expect(world.machine.gateway == .gateway, "the old one serves until the new one is ready")
        var actions = world.handle(.child(next, .ready))
        #expect(actions.suffix(2) == [.send(.gateway, .retire), .send(.worker(0), .drain)])
        #expect(world.machine.gateway == next)
        #expect(world.machine.childIDs == [.worker(0), .worker(1), next, .gateway])
        for id in [ChildID.worker(0), .worker(1)] {
            #expect(actions.last == .send(id, .drain))
            #expect(world.machine.child(id)?.isReady == false)
            #expect(world.handle(.child(id, .exited(.exited(0)))).last == .spawn(id))
            world.handle(.child(id, .greeted))
            actions = world.handle(.child(id, .ready)).filter { if case .announce = $0 { false } else { true } }
        }
        #expect(actions.isEmpty)
        #expect(world.machine.changesMade == 1)
        #expect(world.machine.lastFailure == nil)
        #expect(world.machine.refusal == nil, "nothing waits for the old gateway")
        world.handle(.child(.gateway, .exited(.exited(0))))
        #expect(world.machine.childIDs == [.worker(0), .worker(1), next])
    }

    @Test("a gateway that retires and does not end is killed, and a stop asks it again")
    func retiring() {
        for isStopped in [false, true] {
            var world = FleetWorld(workers: 1)
            world.boot()
            world.handle(.reload)
            world.handle(.child(.nthGateway(1), .greeted))
            world.handle(.child(.nthGateway(1), .ready))
            world.advance(1)
            if isStopped { #expect(world.handle(.stop).contains(.send(.gateway, .drain))) }
            world.checkInAll()
            world.advance(24)
            #expect(world.handle(.timer).contains(.signal(.gateway, .kill)))
            world.handle(.child(.gateway, .exited(.signalled(9))))
            #expect(world.machine.childIDs.contains(.gateway) == isStopped)
        }
    }

    @Test("a new gateway that does not become ready is given up; the old one never stops serving", arguments: [1, 78])
    func gatewayFails(code: Int32) {
        var world = FleetWorld(workers: 1)
        world.boot()
        let next = ChildID.nthGateway(1)
        world.handle(.reload)
        world.handle(.child(next, .greeted))
        let actions = world.handle(.child(next, .exited(.exited(code))))
        #expect(actions.contains(.revertSettings))
        #expect(!actions.contains(.announceDraining))
        #expect(world.machine.child(.gateway)?.isReady == true)
        #expect(world.machine.childIDs == [.worker(0), .gateway])
        #expect(world.machine.lastFailure?.contains("the new gateway did not become ready") == true)
        #expect(world.machine.refusal == nil)
        #expect(world.handle(.reload) == [.spawn(next)], "the next try")
    }

    @Test("a worker that refuses the new settings gets the old ones, and the gateway is put back too")
    func workerFails() {
        var world = FleetWorld(workers: 1)
        world.boot()
        let next = ChildID.nthGateway(1)
        world.handle(.replaceAll(FleetSettings(hung: .seconds(9), shutdownGrace: .seconds(5), workers: 4)))
        #expect(world.machine.shutdownGrace == .seconds(5))
        world.handle(.child(next, .greeted))
        world.handle(.child(next, .ready))
        world.handle(.child(.gateway, .exited(.exited(0))))
        world.handle(.child(.worker(0), .exited(.exited(0))))
        let actions = world.handle(.child(.worker(0), .exited(.exited(78))))
        #expect(actions.contains(.revertSettings))
        #expect(actions.contains(.spawn(.worker(0))))
        #expect(actions.contains(.spawn(.nthGateway(2))))
        #expect(!actions.contains(.announceDraining))
        #expect(world.machine.shutdownGrace == .seconds(30))
        world.settle()
        #expect(world.machine.refusal == nil)
        #expect(world.machine.map.workerCount == 1)
        #expect(world.machine.gateway == .nthGateway(2))
        #expect(world.machine.lastFailure?.contains("worker-0 did not become ready") == true)
    }

    @Test("a reload by another number of workers scales once everything is replaced")
    func reloadScales() {
        var world = FleetWorld(workers: 1)
        world.boot()
        world.handle(.replaceAll(FleetSettings(hung: .seconds(30), shutdownGrace: .seconds(30), workers: 3)))
        world.settle()
        #expect(world.machine.map.workerCount == 3)
        #expect(world.machine.changesMade == 1)
        #expect(world.ownersOfEverySlot == Array(repeating: 1, count: Slot.count))
    }

    @Test("stopping in the middle of a reload ends both gateways")
    func stopsWhileReloading() {
        var world = FleetWorld(workers: 1)
        world.boot()
        let next = ChildID.nthGateway(1)
        world.handle(.reload)
        world.handle(.child(next, .greeted))
        let actions = world.handle(.stop)
        for id in [ChildID.gateway, next] { #expect(actions.contains(.send(id, .drain))) }
        world.handle(.child(.gateway, .exited(.exited(0))))
        #expect(world.handle(.child(next, .exited(.exited(0)))).contains(.send(.worker(0), .drain)))
        #expect(world.handle(.child(.worker(0), .exited(.exited(0)))).last == .finish(exitCode: 0))
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

    @Test("at no moment of a reload without crashes is there no gateway that serves", arguments: 0..<20)
    func alwaysAGateway(seed: UInt64) {
        var world = FleetWorld(workers: 3, seed: seed)
        world.boot()
        world.handle(.reload)
        var steps = 0
        while world.machine.isChanging, steps < 2_000 {
            steps += 1
            world.takeOrderlyStep()
            if world.machine.child(world.machine.gateway)?.isReady != true {
                Issue.record("no gateway serves at step \(steps)")
                return
            }
        }
        #expect(world.machine.gateway == .nthGateway(1))
        #expect(world.machine.lastFailure == nil)
        #expect(world.machine.changesMade == 1)
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
