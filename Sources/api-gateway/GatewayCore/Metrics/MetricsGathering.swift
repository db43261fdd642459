import Foundation
import NIOCore
import NIOFoundationCompat
import Observability
import ServiceSupport
import WireProtocol

/// The metrics of all processes on one page.
///
/// Gathered by the gateway, because the supervisor links no HTTP: from the workers over the wire, from the supervisor
/// over the same control socket that operators use. Who does not answer in time is missing on the page, and
/// `torbox_scrape_success` says so.
struct MetricsGathering: Sendable {
    /// Prometheus itself waits 10 s for everything.
    static let limit: Duration = .seconds(3)

    var workers: WorkerClient
    var runtimeDirectory: String
    var group: any EventLoopGroup

    func text() async -> String {
        async let fromSupervisor = supervisor()
        async let fromWorkers = workers.askAll(Operation.metrics, within: Self.limit)
        var pages = [("gateway", MetricsRegistry.shared.families() + own() + ProcessMetrics.families())]
        var answered: [(String, Double)] = []
        func add(_ process: String, _ families: [MetricFamily]?) {
            answered.append((process, families == nil ? 0 : 1))
            if let families { pages.append((process, families)) }
        }
        add("supervisor", await fromSupervisor)
        for (index, answer) in await fromWorkers.enumerated() { add("worker-\(index)", answer.flatMap(Self.families)) }
        pages[0].1.append(
            .gauge("torbox_scrape_success", "1 when the process gave its metrics to this page.", by: "child", answered))
        return PrometheusText.render(pages.map { (process: $0.0, families: $0.1) })
    }

    private func own() -> [MetricFamily] {
        [
            .counter(
                "torbox_frames_total", "Frames of the protocol between the processes.", by: "direction",
                [("sent", Double(FrameTraffic.sent)), ("received", Double(FrameTraffic.received))]),
            .gauge("torbox_requests_under_way", "Requests that wait for a worker.", Double(workers.requestsUnderWay)),
        ]
    }

    private func supervisor() async -> [MetricFamily]? {
        // One that does not answer shows as missing on the page.
        try? await withDeadline(Self.limit, "supervisor.metrics") {
            let connection = try await WireConnection.connect(
                to: SupervisorSocket.path(runtimeDirectory: runtimeDirectory), on: group)
            do {
                let answer = try await connection.call(
                    WorkerRequest(operation: SupervisorSocket.metrics, timeout: Self.limit))
                await connection.close()
                return Self.families(answer)
            } catch {
                await connection.close()
                throw error
            }
        }
    }

    private static func families(_ answer: WorkerResponse) -> [MetricFamily]? {
        guard answer.status == 200, case .bytes(let body) = answer.body else { return nil }
        // One that talks nonsense counts as one that does not answer.
        return try? JSONDecoder().decode([MetricFamily].self, from: Data(buffer: body))
    }
}
