/// The machine's own time.
package enum RealTime {
    private static let origin = (wall: wallMilliseconds(), monotonic: ContinuousClock.now)

    /// Unix milliseconds that never go back: the wall clock at the first call, carried on by the monotonic clock.
    package static let milliseconds: @Sendable () -> Int = {
        let passed = origin.monotonic.duration(to: .now).components
        return origin.wall + Int(passed.seconds) * 1_000 + Int(passed.attoseconds / 1_000_000_000_000_000)
    }
}
