package import DomainModel
import Foundation

/// Where the client gets its time from, so that tests can hold it still.
package struct TimeSource: Sendable {
    /// The wall clock, for dates that leave the process.
    let wall: @Sendable () -> Timestamp
    /// Time since some fixed moment; never jumps back. Every wait and deadline is counted in it.
    let uptime: @Sendable () -> Duration
    /// Waits that long, or throws `CancellationError`.
    let sleep: @Sendable (Duration) async throws -> Void

    /// Takes waits and deadlines from `clock` and dates from `wall`.
    package init(clock: some Clock<Duration>, wall: @escaping @Sendable () -> Timestamp) {
        let start = clock.now
        self.wall = wall
        uptime = { start.duration(to: clock.now) }
        sleep = { try await clock.sleep(until: clock.now.advanced(by: $0), tolerance: nil) }
    }

    /// The machine's own clocks.
    package static let system = TimeSource(clock: ContinuousClock()) {
        Timestamp(milliseconds: Int64((Date().timeIntervalSince1970 * 1_000).rounded(.down)))
    }
}
