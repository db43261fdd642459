import ServiceSupport
import Sharding
import Testing
import WireProtocol

@testable import SupervisorCore

@Suite struct FleetStateMachineTests {
    private struct Bench {
        var machine: FleetStateMachine
        var generator = SeededGenerator()
        let start = ContinuousClock.now

        init(workers: Int = 2) {
            var limits = ChildLimits()
            limits.restart.backoff.jitter = 0
            machine = FleetStateMachine(
                map: SlotMap(workers: workers, epoch: 7), limits: limits, shutdownGrace: .seconds(30))
        }

        @discardableResult
        mutating func handle(_ event: FleetStateMachine.Event, at seconds: Double = 0) -> [FleetStateMachine.Action] {
            machine.handle(event, at: start + .seconds(seconds), using: &generator)
        }

        @discardableResult
        mutating func tell(
            _ id: ChildID, _ event: ChildStateMachine.Event, at seconds: Double = 0
        ) -> [FleetStateMachine.Action] {
            handle(.child(id, event), at: seconds)
        }

        /// Everything ready at second 0.
        mutating func serve() {
            handle(.start)
            for id in [ChildID.worker(0), .worker(1), .gateway] {
                tell(id, .greeted)
                tell(id, .ready)
            }
        }

        /// Dies until it is quarantined; the last actions.
        mutating func quarantine(_ id: ChildID) -> [FleetStateMachine.Action] {
            var last: [FleetStateMachine.Action] = []
            for attempt in 0..<5 {
                last = tell(id, .exited(.exited(1)), at: Double(attempt) * 3)
                if attempt < 4 { handle(.timer, at: Double(attempt) * 3 + 2.5) }
            }
            return last
        }
    }

    private var bench = Bench()

    @Test("all workers start together, the gateway only once each of them is ready, then the house serves")
    mutating func boot() {
        #expect(bench.handle(.start) == [.spawn(.worker(0)), .spawn(.worker(1))])
        #expect(bench.tell(.worker(0), .greeted) == [.send(.worker(0), .assign(bench.machine.map))])
        bench.tell(.worker(1), .greeted)
        #expect(bench.tell(.worker(0), .ready) == [.announce(.worker(0), .ready(after: .zero))])
        #expect(
            bench.tell(.worker(1), .ready) == [.announce(.worker(1), .ready(after: .zero)), .spawn(.gateway)])
        #expect(bench.tell(.gateway, .greeted) == [.send(.gateway, .assign(bench.machine.map))])
        #expect(
            bench.tell(.gateway, .ready) == [.announce(.gateway, .ready(after: .zero)), .announceServing])
    }

    @Test("a restarted child gets the map again, and serving is announced once")
    mutating func reassigns() {
        bench.serve()
        for id in [ChildID.gateway, .worker(1)] {
            bench.tell(id, .exited(.signalled(9)), at: 1)
            #expect(bench.handle(.timer, at: 2) == [.spawn(id)])
            #expect(bench.tell(id, .greeted, at: 2) == [.send(id, .assign(bench.machine.map))])
            #expect(bench.tell(id, .ready, at: 2) == [.announce(id, .ready(after: .zero))])
        }
    }

    @Test("a worker's death leaves the others and the gateway alone")
    mutating func isolates() {
        bench.serve()
        let actions = bench.tell(.worker(0), .exited(.signalled(11)), at: 1)
        #expect(actions.allSatisfy { if case .announce(.worker(0), _) = $0 { true } else { false } })
        #expect(bench.machine.child(.gateway)?.isReady == true)
        #expect(bench.machine.child(.worker(1))?.isReady == true)
    }

    @Test("stopping drains the gateway first, then the workers, and exits 0")
    mutating func drains() {
        bench.serve()
        #expect(bench.handle(.stop, at: 1) == [.announceDraining, .closeListener, .send(.gateway, .drain)])
        #expect(bench.handle(.stop, at: 1).isEmpty)
        let next = bench.tell(.gateway, .exited(.exited(0)), at: 2)
        #expect(next.suffix(2) == [.send(.worker(0), .drain), .send(.worker(1), .drain)])
        bench.tell(.worker(1), .exited(.exited(0)), at: 3)
        #expect(bench.tell(.worker(0), .exited(.exited(0)), at: 3).last == .finish(exitCode: 0))
        #expect(bench.machine.nextDeadline == nil)
    }

    @Test("workers are asked after half of the time even if the gateway still drains, all are killed after all of it")
    mutating func slowGateway() {
        bench.serve()
        bench.handle(.stop)
        bench.tell(.worker(0), .checkedIn, at: 14)
        bench.tell(.worker(1), .checkedIn, at: 14)
        #expect(bench.machine.nextDeadline == bench.start + .seconds(15))
        #expect(bench.handle(.timer, at: 15) == [.send(.worker(0), .drain), .send(.worker(1), .drain)])
        bench.tell(.worker(0), .exited(.exited(0)), at: 16)
        #expect(bench.machine.nextDeadline == bench.start + .seconds(30))
        let killed = bench.handle(.timer, at: 30)
        #expect(killed.contains(.signal(.gateway, .kill)))
        #expect(killed.contains(.signal(.worker(1), .kill)))
        bench.tell(.worker(1), .exited(.signalled(9)), at: 30)
        #expect(bench.tell(.gateway, .exited(.signalled(9)), at: 30).last == .finish(exitCode: 0))
    }

    @Test("stopping while workers boot ends them and never starts the gateway")
    mutating func stopsWhileBooting() {
        bench.handle(.start)
        bench.tell(.worker(0), .greeted)
        let actions = bench.handle(.stop)
        #expect(actions.contains(.send(.worker(0), .drain)))
        #expect(actions.contains(.signal(.worker(1), .terminate)))
        bench.tell(.worker(1), .exited(.signalled(15)))
        #expect(bench.tell(.worker(0), .exited(.exited(0))).last == .finish(exitCode: 0))
    }

    @Test("kill signals every process at once")
    mutating func kills() {
        bench.serve()
        bench.handle(.stop)
        let actions = bench.handle(.kill)
        for id in [ChildID.worker(0), .worker(1), .gateway] { #expect(actions.contains(.signal(id, .kill))) }
    }

    @Test("a worker with a configuration that cannot work stops the house with 78")
    mutating func configuration() {
        bench.serve()
        let actions = bench.tell(.worker(1), .exited(.exited(78)), at: 1)
        #expect(actions.contains(.send(.gateway, .drain)))
        bench.handle(.stop, at: 2)
        bench.tell(.gateway, .exited(.exited(0)), at: 3)
        #expect(bench.tell(.worker(0), .exited(.exited(0)), at: 3).last == .finish(exitCode: 78))
    }

    @Test("a quarantined gateway stops the house with 75")
    mutating func gatewayQuarantined() {
        bench.serve()
        let actions = bench.quarantine(.gateway)
        #expect(actions.contains(.send(.worker(0), .drain)))
        bench.tell(.worker(0), .exited(.exited(0)), at: 13)
        #expect(bench.tell(.worker(1), .exited(.exited(0)), at: 13).last == .finish(exitCode: 75))
    }

    @Test("one quarantined worker does not stop the house, the last one does, with 75")
    mutating func workersQuarantined() {
        bench.serve()
        #expect(!bench.quarantine(.worker(0)).contains(.announceDraining))
        #expect(bench.quarantine(.worker(1)).contains(.announceDraining))
        #expect(bench.tell(.gateway, .exited(.exited(0)), at: 20).last == .finish(exitCode: 75))
    }

    @Test("a gateway that cannot become ready because a worker is down is left alone as long as it checks in")
    mutating func excusesGateway() {
        bench.handle(.start)
        bench.tell(.worker(0), .ready)
        _ = bench.quarantine(.worker(1))
        bench.tell(.gateway, .greeted, at: 12)
        for second in [30.0, 50, 70, 90, 110, 130] {
            bench.tell(.worker(0), .checkedIn, at: second)
            bench.tell(.gateway, .checkedIn, at: second)
            #expect(!bench.handle(.timer, at: second + 5).contains(.signal(.gateway, .terminate)))
        }
        bench.tell(.worker(0), .checkedIn, at: 190)
        #expect(bench.handle(.timer, at: 195).contains(.signal(.gateway, .terminate)), "silent since 130")
    }

    @Test("a worker that crash-loops at boot does not keep the others from serving")
    mutating func bootWithQuarantinedWorker() {
        bench.handle(.start)
        bench.tell(.worker(0), .greeted)
        bench.tell(.worker(0), .ready)
        #expect(bench.quarantine(.worker(1)).last == .spawn(.gateway))
    }
}
