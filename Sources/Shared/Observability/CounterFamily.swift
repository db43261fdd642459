import Metrics
import Synchronization

/// Counters of one name that differ in bounded labels. Handles are made once and kept: making one costs fifty times
/// a count.
package final class CounterFamily: Sendable {
    private let name: String
    private let labels: [String]
    private let counters = Mutex<[[String]: Counter]>([:])

    /// - Parameters:
    ///   - name: by Prometheus' conventions, `torbox_polls_total`.
    ///   - labels: their values must come from small fixed sets, never from users or messages.
    package init(_ name: String, labels: [String]) {
        self.name = name
        self.labels = labels
    }

    /// Counts one.
    /// - Parameter values: one for each label, in order.
    package func count(_ values: String...) { counter(values).increment() }

    private func counter(_ values: [String]) -> Counter {
        counters.withLock { known in
            if let counter = known[values] { return counter }
            let counter = Counter(label: name, dimensions: Array(zip(labels, values)))
            known[values] = counter
            return counter
        }
    }
}
