import DomainModel
import Synchronization

/// A wall clock that stands still until it is told to move.
final class ManualNow: Sendable {
    private let moment: Mutex<Timestamp>

    init(_ start: Timestamp = noon) { moment = Mutex(start) }

    var value: Timestamp { moment.withLock { $0 } }

    func advance(seconds: Int64) { moment.withLock { $0 = $0.advanced(bySeconds: seconds) } }
}
