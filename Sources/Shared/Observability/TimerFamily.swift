import Metrics
import Synchronization

/// Durations of one name that differ in bounded labels. Handles are made once and kept, as in ``CounterFamily``.
package final class TimerFamily: Sendable {
    private let name: String
    private let labels: [String]
    private let timers = Mutex<[[String]: Timer]>([:])

    /// - Parameters:
    ///   - name: ends in `_seconds`.
    ///   - labels: their values must come from small fixed sets, never from users or messages.
    package init(_ name: String, labels: [String]) {
        self.name = name
        self.labels = labels
    }

    /// - Parameter values: one for each label, in order.
    package func record(_ duration: Duration, _ values: String...) {
        timer(values).recordNanoseconds(Int64(duration / .nanoseconds(1)))
    }

    private func timer(_ values: [String]) -> Timer {
        timers.withLock { known in
            if let timer = known[values] { return timer }
            let timer = Timer(label: name, dimensions: Array(zip(labels, values)))
            known[values] = timer
            return timer
        }
    }
}
