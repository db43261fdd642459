/// The series that processes record through swift-metrics. A process without a metrics backend records into nothing.
package enum MetricNames {
    /// Polls by how they ended.
    package static let polls = CounterFamily("torbox_polls_total", labels: ["outcome"])
    /// Actions on items by kind and by what became of them.
    package static let actions = CounterFamily("torbox_actions_total", labels: ["action", "outcome"])
    /// Tries to hand an upload over, by kind and by what became of it.
    package static let uploads = CounterFamily("torbox_uploads_total", labels: ["type", "outcome"])
}
