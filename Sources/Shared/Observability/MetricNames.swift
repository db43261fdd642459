/// The series that processes record through swift-metrics. A process without a metrics backend records into nothing.
package enum MetricNames {
    /// Polls by how they ended.
    package static let polls = CounterFamily("torbox_polls_total", labels: ["outcome"])
    /// How long a poll took, its actions included.
    package static let pollDuration = TimerFamily("torbox_poll_duration_seconds", labels: [])
    /// Actions on items by kind and by what became of them.
    package static let actions = CounterFamily("torbox_actions_total", labels: ["action", "outcome"])
    /// Tries to hand an upload over, by kind and by what became of it.
    package static let uploads = CounterFamily("torbox_uploads_total", labels: ["type", "outcome"])
    /// Batches of destructive actions that were parked or added to, by why.
    package static let parkings = CounterFamily("torbox_parkings_total", labels: ["reason"])
    /// What people decided about parked batches.
    package static let parkingDecisions = CounterFamily("torbox_parking_decisions_total", labels: ["decision"])
    /// Times that the breaker opened or closed.
    package static let breakerChanges = CounterFamily("torbox_breaker_changes_total", labels: ["change"])
    /// Times that rules of a user began to hold still because TorBox's rows changed their form.
    package static let contractEpisodes = CounterFamily("torbox_contract_episodes_total", labels: [])
    /// Calls of TorBox by endpoint and by status class: `2xx`, `4xx`, `429`, `5xx`, `none`.
    package static let apiCalls = CounterFamily("torbox_api_calls_total", labels: ["endpoint", "status"])
    package static let apiDuration = TimerFamily("torbox_api_call_duration_seconds", labels: ["endpoint"])
    /// Requests of clients by the route's pattern and the status code.
    package static let httpRequests = CounterFamily(
        "torbox_http_requests_total", labels: ["method", "route", "status"])
    package static let httpDuration = TimerFamily("torbox_http_request_duration_seconds", labels: ["route"])

    /// What each of them means.
    static let help: [String: String] = [
        "torbox_polls_total": "Polls of users by how they ended.",
        "torbox_poll_duration_seconds": "Duration of a poll, its actions included.",
        "torbox_actions_total": "Actions on items by kind and by what became of them.",
        "torbox_uploads_total": "Tries to hand an upload over, by kind and by what became of them.",
        "torbox_parkings_total": "Batches of destructive actions that were parked or added to, by why.",
        "torbox_parking_decisions_total": "What people decided about parked batches.",
        "torbox_breaker_changes_total": "Times that the breaker opened or closed.",
        "torbox_contract_episodes_total": "Times that rules of a user began to hold still.",
        "torbox_api_calls_total": "Calls of TorBox by endpoint and status class.",
        "torbox_api_call_duration_seconds": "Duration of a call of TorBox.",
        "torbox_http_requests_total": "Requests of clients by method, route and status code.",
        "torbox_http_request_duration_seconds": "Duration of a client's request.",
    ]
}
