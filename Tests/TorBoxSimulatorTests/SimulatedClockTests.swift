import Synchronization
import Testing

@testable import TorBoxSimulator

@Suite struct SimulatedClockTests {
    /// Real time that a test sets.
    private final class Real: Sendable {
        let now = Mutex(5_000_000)
        func pass(_ milliseconds: Int) { now.withLock { $0 += milliseconds } }
        var clock: @Sendable () -> Int { { self.now.withLock { $0 } } }
    }

    @Test("simulated time runs at its speed from its start") func speed() {
        let real = Real()
        let clock = SimulatedClock(start: 100, speed: 60, real: real.clock)
        #expect(clock.second == 100)
        real.pass(2_000)
        #expect(clock.second == 220)
        #expect(clock.startSecond == 100)
        #expect(clock.realMilliseconds == 5_002_000)
    }

    @Test("a new speed counts from the moment it is set") func change() {
        let real = Real()
        let clock = SimulatedClock(start: 0, speed: 10, real: real.clock)
        real.pass(1_000)
        clock.setSpeed(0)
        real.pass(50_000)
        #expect(clock.second == 10)
        clock.setSpeed(2)
        real.pass(1_000)
        #expect(clock.second == 12)
    }

    @Test("time moves by hand, and never back") func byHand() {
        let clock = SimulatedClock(start: 100, speed: 0)
        clock.advance(seconds: 3_600)
        clock.advance(seconds: -50)
        #expect(clock.second == 3_700)
    }

    @Test("without a start it is now") func now() {
        let clock = SimulatedClock(speed: 0)
        #expect(abs(clock.milliseconds - RealTime.milliseconds()) < 60_000)
    }
}
