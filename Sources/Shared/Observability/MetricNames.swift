/// The series that processes record through swift-metrics. A process without a metrics backend records into nothing.
package enum MetricNames {
    /// Polls by how they ended.
    package static let polls = CounterFamily("torbox_polls_total", labels: ["outcome"])
    /// Actions on items by kind and by what became of them.
    package static let actions = CounterFamily("torbox_actions_total", labels: ["action", "outcome"])
    /// Tries to hand an upload over, by kind and by what became of it.
    package static let uploads = CounterFamily("torbox_uploads_total", labels: ["type", "outcome"])
    /// Users whose rules were not evaluated within twice their interval, by why.
    package static let overdueUsers = GaugeFamily("torbox_overdue_users", labels: ["reason"])
    /// Batches of destructive actions that were parked or added to, by why.
    package static let parkings = CounterFamily("torbox_parkings_total", labels: ["reason"])
    /// What people decided about parked batches.
    package static let parkingDecisions = CounterFamily("torbox_parking_decisions_total", labels: ["decision"])
    /// Times that the breaker opened or closed.
    package static let breakerChanges = CounterFamily("torbox_breaker_changes_total", labels: ["change"])
    /// Times that rules of a user began to hold still because TorBox's rows changed their form.
    package static let contractEpisodes = CounterFamily("torbox_contract_episodes_total", labels: [])
}
