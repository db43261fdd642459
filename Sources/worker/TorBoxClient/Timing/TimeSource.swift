package import DomainModel
import Foundation
import NIOCore
import NIOPosix

/// Where the client gets its time from, so that tests can hold it still.
package struct TimeSource: Sendable {
    /// The wall clock, for dates that leave the process.
    let wall: @Sendable () -> Timestamp
    /// Time since some fixed moment; never jumps back. Every wait and deadline is counted in it.
    let uptime: @Sendable () -> Duration
    /// Waits that long, or throws `CancellationError`.
    let sleep: @Sendable (Duration) async throws -> Void
    /// Calls `ring` once after that long, unless the alarm was cancelled before.
    let alarm: @Sendable (_ after: Duration, _ ring: @escaping @Sendable () -> Void) -> Alarm

    struct Alarm: Sendable {
        let cancel: @Sendable () -> Void
    }

    /// Takes waits and deadlines from `clock` and dates from `wall`.
    package init(clock: some Clock<Duration>, wall: @escaping @Sendable () -> Timestamp) {
        self.init(clock: clock, wall: wall) { limit, ring in
            // Unstructured because it only rings: ended by its own time or by its cancelling.
            let sleeper = Task {
                try await clock.sleep(until: clock.now.advanced(by: limit), tolerance: nil)
                ring()
            }
            return Alarm { sleeper.cancel() }
        }
    }

    private init(
        clock: some Clock<Duration>, wall: @escaping @Sendable () -> Timestamp,
        alarm: @escaping @Sendable (Duration, @escaping @Sendable () -> Void) -> Alarm
    ) {
        let start = clock.now
        self.wall = wall
        self.alarm = alarm
        uptime = { start.duration(to: clock.now) }
        sleep = { try await clock.sleep(until: clock.now.advanced(by: $0), tolerance: nil) }
    }

    /// The machine's own clocks. Alarms are timers of an event loop, the caller's own where there is one: each call to
    /// TorBox sets one, and a sleeping task for it would be a good part of what the call costs.
    package static let system = TimeSource(
        clock: ContinuousClock(),
        wall: { Timestamp(milliseconds: Int64((Date().timeIntervalSince1970 * 1_000).rounded(.down))) },
        alarm: { limit, ring in
            let loop = MultiThreadedEventLoopGroup.currentEventLoop ?? MultiThreadedEventLoopGroup.singleton.any()
            let timer = loop.scheduleTask(in: TimeAmount(limit), ring)
            return Alarm { timer.cancel() }
        })
}
