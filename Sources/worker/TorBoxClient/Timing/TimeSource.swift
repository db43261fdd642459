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
        self.init(
            clock: clock, wall: wall,
            sleep: { try await clock.sleep(until: clock.now.advanced(by: $0), tolerance: nil) },
            alarm: { limit, ring in
                // Unstructured because it only rings: ended by its own time or by its cancelling.
                let sleeper = Task {
                    try await clock.sleep(until: clock.now.advanced(by: limit), tolerance: nil)
                    ring()
                }
                return Alarm { sleeper.cancel() }
            })
    }

    private init(
        clock: some Clock<Duration>, wall: @escaping @Sendable () -> Timestamp,
        sleep: @escaping @Sendable (Duration) async throws -> Void,
        alarm: @escaping @Sendable (Duration, @escaping @Sendable () -> Void) -> Alarm
    ) {
        let start = clock.now
        self.wall = wall
        self.sleep = sleep
        self.alarm = alarm
        uptime = { start.duration(to: clock.now) }
    }

    /// The machine's own clocks. Waits are timers of an event loop, the caller's own where there is one: each call to
    /// TorBox waits for its turn and has an alarm, and a timer of Swift's own changes threads twice.
    package static let system = TimeSource(
        clock: ContinuousClock(),
        wall: { Timestamp(milliseconds: Int64((Date().timeIntervalSince1970 * 1_000).rounded(.down))) },
        sleep: { duration in
            let timer = nearestLoop().scheduleTask(in: TimeAmount(duration)) {}
            do {
                try await withTaskCancellationHandler {
                    try await timer.futureResult.get()
                } onCancel: {
                    timer.cancel()
                }
            } catch is EventLoopError {
                throw CancellationError()
            }
        },
        alarm: { limit, ring in
            let timer = nearestLoop().scheduleTask(in: TimeAmount(limit), ring)
            return Alarm { timer.cancel() }
        })

    private static func nearestLoop() -> any EventLoop {
        MultiThreadedEventLoopGroup.currentEventLoop ?? MultiThreadedEventLoopGroup.singleton.any()
    }
}
