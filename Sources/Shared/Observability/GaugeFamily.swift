import Metrics
import Synchronization

/// Gauges of one name that differ in bounded labels; handles are made once and kept, as in ``CounterFamily``.
package final class GaugeFamily: Sendable {
    private let name: String
    private let labels: [String]
    private let gauges = Mutex<[[String]: Gauge]>([:])

    /// - Parameters:
    ///   - name: by Prometheus' conventions, `torbox_overdue_users`.
    ///   - labels: their values must come from small fixed sets, never from users or messages.
    package init(_ name: String, labels: [String]) {
        self.name = name
        self.labels = labels
    }

    /// Records the present value.
    /// - Parameter values: one for each label, in order.
    package func set(_ number: Int, _ values: String...) { gauge(values).record(number) }

    private func gauge(_ values: [String]) -> Gauge {
        gauges.withLock { known in
            if let gauge = known[values] { return gauge }
            let gauge = Gauge(label: name, dimensions: Array(zip(labels, values)))
            known[values] = gauge
            return gauge
        }
    }
}
