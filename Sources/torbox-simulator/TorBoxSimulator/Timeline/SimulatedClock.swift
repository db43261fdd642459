import Synchronization

/// The simulator's time: simulated = start + (real - real start) * speed, moved on by hand as well.
///
/// With speed 0 time stands still between calls of ``advance(seconds:)``, which is what tests want.
package final class SimulatedClock: Sendable {
    private struct State {
        var anchorReal: Int
        var anchorSimulated: Int
        var speed: Double
    }

    private let state: Mutex<State>
    private let real: @Sendable () -> Int

    /// - Parameters:
    ///   - start: Unix second at which simulated time begins; the present real one when nil.
    ///   - speed: Simulated seconds a real second, 0 or more.
    ///   - real: Real Unix milliseconds, never going back.
    package init(start: Int? = nil, speed: Double = 1, real: @escaping @Sendable () -> Int = RealTime.milliseconds) {
        self.real = real
        let now = real()
        let begin = start.map { $0 * 1_000 } ?? now
        startSecond = begin / 1_000
        state = Mutex(State(anchorReal: now, anchorSimulated: begin, speed: max(speed, 0)))
    }

    /// The Unix second at which simulated time began.
    package let startSecond: Int

    /// Real Unix milliseconds.
    package var realMilliseconds: Int { real() }

    /// Simulated Unix milliseconds.
    package var milliseconds: Int {
        state.withLock { state in
            state.anchorSimulated + Int(Double(real() - state.anchorReal) * state.speed)
        }
    }

    /// The simulated Unix second.
    package var second: Int { milliseconds / 1_000 }

    package var speed: Double { state.withLock { $0.speed } }

    /// Moves simulated time on.
    /// - Parameter seconds: 0 or more; time does not go back.
    package func advance(seconds: Int) {
        state.withLock { $0.anchorSimulated += max(seconds, 0) * 1_000 }
    }

    /// Changes the speed from now on.
    package func setSpeed(_ speed: Double) {
        state.withLock { state in
            let now = real()
            state.anchorSimulated += Int(Double(now - state.anchorReal) * state.speed)
            state.anchorReal = now
            state.speed = max(speed, 0)
        }
    }
}
