import DomainModel
import Sharding
import Testing

@testable import SupervisorCore

/// The fleet's promises under any order of events: seeded, so that a failure can be seen again.
@Suite struct FleetModelTests {
    @Test(
        "whatever happens while it runs: never two owners of a slot, never two lives of a child, no signal to the dead",
        arguments: 0..<60)
    func safety(seed: UInt64) {
        var world = FleetWorld(workers: 3, seed: seed)
        world.spawnFailures = 10
        world.handle(.start)
        for _ in 0..<400 where world.finished == nil && world.violations.isEmpty { world.takeWildStep() }
        #expect(world.violations == [])
    }

    @Test("whenever it is stopped it finishes, with every process gone before", arguments: 0..<60)
    func stops(seed: UInt64) {
        var world = FleetWorld(workers: 3, seed: seed)
        world.spawnFailures = 10
        world.handle(.start)
        for _ in 0..<Int(seed * 5) where world.finished == nil { world.takeWildStep() }
        world.handle(.stop)
        for _ in 0..<100 where world.finished == nil { world.takeWildStep() }
        world.settle()
        #expect(world.finished != nil)
        #expect(world.processes.isEmpty)
        #expect(world.violations == [])
    }

    @Test("a second request to stop ends it although nobody does what he is told any more", arguments: 0..<20)
    func kills(seed: UInt64) {
        var world = FleetWorld(workers: 3, seed: seed)
        world.handle(.start)
        for _ in 0..<200 where world.finished == nil { world.takeWildStep() }
        for id in world.processes.keys { world.processes[id]?.isStuck = true }
        world.handle(.stop)
        world.handle(.kill)
        for id in world.processes.keys.sorted() { world.step(id) }
        #expect(world.finished != nil)
        #expect(world.violations == [])
    }

    @Test("when nothing breaks any more the fleet serves again, every slot with one owner", arguments: 0..<60)
    func recovers(seed: UInt64) {
        var world = FleetWorld(workers: 3, seed: seed)
        world.boot()
        for _ in 0..<200 where world.finished == nil { world.takeWildStep() }
        world.settle()
        // A fleet whose gateway or whose every worker was quarantined has ended, which is right.
        guard world.finished == nil else { return }
        #expect(world.machine.phaseName == "serving")
        #expect(world.violations == [])
        let quarantined = world.machine.childIDs.contains { world.machine.child($0)?.isQuarantined == true }
        if !quarantined { #expect(world.ownersOfEverySlot == Array(repeating: 1, count: Slot.count)) }
    }
}
