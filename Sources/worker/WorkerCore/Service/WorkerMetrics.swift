import DomainModel
import Foundation
import NIOCore
import NIOFoundationCompat
import Observability
import TorBoxClient
import UserStore
import WireProtocol

/// The figures of this worker at this moment, besides what is counted through swift-metrics.
struct WorkerMetrics: Sendable {
    let users: UserAccess
    let client: TorBoxClient
    let silence: SilenceWatch
    let sentinel: ContractSentinel
    let parking: ParkingWatch
    let journal: JournalWatch

    /// The answer to ``Operation/metrics``: a JSON list of ``MetricFamily``.
    @concurrent func answer() async throws -> Response {
        let families = await families() + MetricsRegistry.shared.families() + ProcessMetrics.families()
        return Response(status: 200, body: .bytes(ByteBuffer(data: try JSONEncoder().encode(families))))
    }

    private func families() async -> [MetricFamily] {
        let polls = await users.scheduler.status()
        let now = users.now()
        let reasons = silence.reasons
        let pool = users.pool.statistics
        let limits = client.limits
        let open = journal.summary(at: now) { users.directory[$0] != nil }
        return [
            .gauge("torbox_users", "Users of this worker's slots.", Double(users.directory.count)),
            .gauge(
                "torbox_polls", "Polls by state; acting ones only wait for their calls to TorBox.", by: "state",
                [
                    ("scheduled", Double(polls.scheduled)), ("running", Double(polls.running - polls.acting)),
                    ("acting", Double(polls.acting)),
                ]),
            .gauge(
                "torbox_users_overdue", "Users whose rules were not evaluated within twice their interval, by why.",
                by: "reason",
                SilencePolicy.Reason.allCases.map { ($0.rawValue, Double(reasons[$0] ?? 0)) }),
            .gauge(
                "torbox_users_frozen", "Users whose rules rest because TorBox's rows changed their shape.",
                Double(sentinel.summary { users.directory[$0] != nil }.frozenUsers)),
            .gauge(
                "torbox_batches_parked", "Batches of actions that wait for a person's decision.",
                Double(parking.openBatches(where: users.directory.isAutomated))),
            .gauge(
                "torbox_journal_open_actions", "Actions whose effect no list has shown yet.", Double(open.unsettled)),
            .gauge(
                "torbox_journal_oldest_seconds", "Age of the oldest action whose effect no list has shown yet.",
                open.oldestAge / .seconds(1)),
            .gauge(
                "torbox_api_paused", "1 while TorBox counts as unreachable and polls wait.",
                client.outage.isPaused ? 1 : 0),
            .gauge(
                "torbox_api_keys_waiting", "Keys and endpoints that TorBox told to wait.", Double(limits.blockedKeys)),
            .gauge(
                "torbox_api_lowest_headroom",
                "Calls left to us in the tightest window of any key, the user's own reserve taken off; the whole allowance when no window is open.",
                Double(limits.lowestHeadroom)),
            .counter(
                "torbox_frames_total", "Frames of the protocol between the processes.", by: "direction",
                [("sent", Double(FrameTraffic.sent)), ("received", Double(FrameTraffic.received))]),
            .gauge(
                "torbox_user_files", "User files by state.", by: "state",
                [("open", Double(pool.open)), ("in_use", Double(pool.inUse))]),
        ]
    }
}
