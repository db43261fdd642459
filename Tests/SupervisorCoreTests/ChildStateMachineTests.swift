import ServiceSupport
import Testing

@testable import SupervisorCore

@Suite struct ChildStateMachineTests {
    /// A machine with a clock that only the test moves.
    private struct Bench {
        var machine: ChildStateMachine
        var generator = SeededGenerator()
        let start = ContinuousClock.now

        init() {
            var limits = ChildLimits()
            limits.restart.backoff.jitter = 0
            machine = ChildStateMachine(limits: limits)
        }

        @discardableResult
        mutating func handle(_ event: ChildStateMachine.Event, at seconds: Double = 0) -> [ChildStateMachine.Action] {
            machine.handle(event, at: start + .seconds(seconds), using: &generator)
        }

        /// Started, greeted and ready at the given second.
        mutating func becomeReady(at seconds: Double = 0) {
            handle(.start, at: seconds)
            handle(.timer, at: seconds)
            handle(.greeted, at: seconds)
            handle(.ready, at: seconds)
        }

        var deadline: Duration? { machine.nextDeadline.map { start.duration(to: $0) } }
    }

    private var bench = Bench()

    @Test("a child is spawned, gets the map when it says hello, and is ready when it says so")
    mutating func boot() {
        #expect(bench.handle(.start) == [.spawn])
        #expect(bench.deadline == .seconds(60))
        #expect(bench.handle(.greeted, at: 1) == [.assign])
        #expect(!bench.machine.isReady)
        #expect(bench.handle(.ready, at: 2) == [.announce(.ready(after: .seconds(2)))])
        #expect(bench.machine.isReady)
        #expect(bench.deadline == .seconds(32))
    }

    @Test("a child that is not ready after a minute is ended, killed five seconds later, and started again")
    mutating func bootLimit() {
        bench.handle(.start)
        bench.handle(.greeted, at: 1)
        #expect(bench.handle(.timer, at: 59).isEmpty)
        #expect(
            bench.handle(.timer, at: 60) == [.announce(.bootTimedOut(after: .seconds(60))), .signal(.terminate)])
        #expect(bench.deadline == .seconds(65))
        #expect(bench.handle(.ready, at: 61).isEmpty)
        #expect(bench.handle(.timer, at: 65) == [.signal(.kill), .announce(.killed)])
        #expect(bench.deadline == nil)
        #expect(
            bench.handle(.exited(.signalled(9)), at: 66) == [
                .announce(.died(.exited(.signalled(9)))),
                .announce(.restarting(attempt: 1, delay: .milliseconds(250))),
            ])
    }

    @Test("a ready child that checks in lives on, one silent for half a minute is aborted, then killed")
    mutating func hung() {
        bench.becomeReady()
        bench.handle(.checkedIn, at: 20)
        #expect(bench.handle(.timer, at: 30).isEmpty)
        #expect(bench.deadline == .seconds(50))
        #expect(bench.handle(.timer, at: 50) == [.announce(.hung(after: .seconds(30))), .signal(.abort)])
        #expect(bench.handle(.timer, at: 55) == [.signal(.kill), .announce(.killed)])
    }

    @Test("a dead child is started again when its wait is over, not before")
    mutating func restart() {
        bench.becomeReady()
        bench.handle(.exited(.exited(75)), at: 1)
        #expect(bench.deadline == .milliseconds(1_250))
        #expect(bench.handle(.timer, at: 1.2).isEmpty)
        #expect(bench.handle(.timer, at: 1.25) == [.spawn])
        #expect(bench.handle(.greeted, at: 1.5) == [.assign])
    }

    @Test("a child that cannot be spawned counts as dead")
    mutating func spawnFails() {
        bench.handle(.start)
        #expect(
            bench.handle(.spawnFailed(reason: "no such file")) == [
                .announce(.died(.notStarted("no such file"))),
                .announce(.restarting(attempt: 1, delay: .milliseconds(250))),
            ])
    }

    @Test("leaving with 0 unasked is a death like any other")
    mutating func leaves() {
        bench.becomeReady()
        #expect(
            bench.handle(.exited(.exited(0)), at: 3).contains(
                .announce(.restarting(attempt: 1, delay: .milliseconds(250)))))
    }

    @Test("exit code 78 is never started again and goes to the top")
    mutating func configuration() {
        bench.becomeReady()
        #expect(bench.handle(.failed(reason: "wrong key")) == [.announce(.reportedFailure("wrong key"))])
        #expect(bench.handle(.exited(.exited(78)), at: 1) == [.announce(.died(.exited(.exited(78)))), .escalate(78)])
        #expect(bench.machine.hasEnded)
        #expect(bench.deadline == nil)
        #expect(bench.handle(.start, at: 2).isEmpty)
    }

    @Test("a life ready for a minute makes the next death the first again")
    mutating func reset() {
        bench.becomeReady()
        bench.handle(.exited(.exited(1)), at: 1)
        bench.handle(.timer, at: 2)
        bench.handle(.ready, at: 2)
        bench.handle(.checkedIn, at: 40)
        #expect(
            bench.handle(.exited(.exited(1)), at: 62).last
                == .announce(.restarting(attempt: 1, delay: .milliseconds(250))))
    }

    /// Five deaths within 40 s.
    private mutating func crashLoop() {
        for second in [0.0, 10, 20, 30, 40] {
            bench.handle(second == 0 ? .start : .timer, at: second)
            bench.handle(.exited(.exited(1)), at: second)
        }
    }

    @Test("a crash loop ends in quarantine and a probe every five minutes")
    mutating func quarantine() {
        crashLoop()
        #expect(bench.machine.isQuarantined)
        #expect(bench.deadline == .seconds(340))
        #expect(bench.handle(.timer, at: 340) == [.spawn])
        #expect(bench.machine.isQuarantined, "a probe that is not ready changes nothing")
        #expect(
            bench.handle(.exited(.exited(1)), at: 341).last
                == .announce(.quarantined(probeAfter: .seconds(300))))
    }

    @Test("a probe that stays ready for a minute lifts the quarantine, one that dies earlier does not")
    mutating func recovery() {
        crashLoop()
        bench.becomeReady(at: 1_000)
        #expect(!bench.machine.isQuarantined)
        #expect(bench.handle(.exited(.exited(1)), at: 1_059).last == .announce(.quarantined(probeAfter: .seconds(300))))
        bench.becomeReady(at: 2_000)
        bench.handle(.checkedIn, at: 2_050)
        #expect(bench.deadline == .seconds(2_060))
        #expect(bench.handle(.timer, at: 2_060) == [.announce(.recovered)])
        #expect(bench.deadline == .seconds(2_080))
        #expect(
            bench.handle(.exited(.exited(1)), at: 2_070).last
                == .announce(.restarting(attempt: 1, delay: .milliseconds(250))))
    }

    @Test("a listening child is drained and ends for good, whatever it exits with", arguments: [0, 1, 78])
    mutating func drains(code: Int32) {
        bench.becomeReady()
        #expect(bench.handle(.stop(killAt: bench.start + .seconds(30)), at: 1) == [.drain])
        #expect(bench.deadline == .seconds(30))
        #expect(bench.handle(.drained, at: 2) == [.announce(.drained)])
        #expect(bench.handle(.exited(.exited(code)), at: 3) == [.announce(.ended(.exited(.exited(code))))])
        #expect(bench.machine.hasEnded)
    }

    @Test("a child that does not listen yet, or any more, gets TERM instead")
    mutating func stopsDeafChild() {
        bench.handle(.start)
        #expect(bench.handle(.stop(killAt: bench.start + .seconds(30))) == [.signal(.terminate)])
        var other = Bench()
        other.becomeReady()
        other.handle(.channelClosed)
        #expect(other.handle(.stop(killAt: other.start + .seconds(30))) == [.signal(.terminate)])
    }

    @Test("a child that does not stop in time is killed once")
    mutating func killsAfterGrace() {
        bench.becomeReady()
        bench.handle(.stop(killAt: bench.start + .seconds(30)))
        #expect(bench.handle(.timer, at: 29).isEmpty)
        #expect(bench.handle(.timer, at: 30) == [.signal(.kill), .announce(.killed)])
        #expect(bench.handle(.timer, at: 31).isEmpty)
        #expect(!bench.machine.hasEnded)
        bench.handle(.exited(.signalled(9)), at: 31)
        #expect(bench.machine.hasEnded)
    }

    @Test("a child that waits for its next start ends at once when asked to stop")
    mutating func stopsWhileWaiting() {
        bench.becomeReady()
        bench.handle(.exited(.exited(1)))
        #expect(bench.handle(.stop(killAt: bench.start + .seconds(30))).isEmpty)
        #expect(bench.machine.hasEnded)
        #expect(bench.handle(.timer, at: 100).isEmpty)
    }

    @Test("a hung child that is asked to stop is still killed on time")
    mutating func stopsHungChild() {
        bench.becomeReady()
        bench.handle(.timer, at: 30)
        bench.handle(.stop(killAt: bench.start + .seconds(90)), at: 31)
        #expect(bench.deadline == .seconds(35))
        #expect(bench.handle(.timer, at: 35) == [.signal(.kill), .announce(.killed)])
    }

    @Test("kill does not wait for anything")
    mutating func killNow() {
        bench.becomeReady()
        #expect(bench.handle(.kill) == [.signal(.kill), .announce(.killed)])
        #expect(bench.deadline == nil)
        bench.handle(.exited(.signalled(9)))
        #expect(bench.machine.hasEnded)
    }
}
