import ChaosVerdict
import Synchronization
import TorBoxSimulator

/// Writes down what is done to the service, and when.
final class DisturbanceLog: Sendable {
    private let entries = Mutex<[Disturbance]>([])

    /// This program checks in so often; it notes itself as kept from running when a check-in is late by ``lateness``.
    private static let beat = Duration.milliseconds(100)
    private static let lateness = 1_000

    var all: [Disturbance] { entries.withLock { $0 } }

    /// Something of a moment.
    func note(_ kind: Disturbance.Kind) {
        let now = RealTime.milliseconds()
        entries.withLock { $0.append(Disturbance(kind, began: now, ended: now)) }
    }

    /// Something that lasts until ``end(_:)`` is given the same number.
    func begin(_ kind: Disturbance.Kind) -> Int {
        entries.withLock { entries in
            entries.append(Disturbance(kind, began: RealTime.milliseconds()))
            return entries.count - 1
        }
    }

    func end(_ number: Int) { entries.withLock { $0[number].ended = RealTime.milliseconds() } }

    /// Notes the times in which this program did not get to run, until cancelled.
    func watchMachine() async throws {
        var last = RealTime.milliseconds()
        while true {
            try await Task.sleep(for: Self.beat)
            let now = RealTime.milliseconds()
            if now - last > Self.lateness {
                entries.withLock { $0.append(Disturbance(.machineBusy, began: last, ended: now)) }
            }
            last = now
        }
    }
}
