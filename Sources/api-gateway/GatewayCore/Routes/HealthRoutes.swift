import DomainModel
import Hummingbird

/// `/health`: we are alive, whatever the workers do. `/ready`: a request went through every worker just now.
/// Without the registry's server that still works for all known users: then the status is 200 and the text says so.
/// `/api/health/detailed`: what all of them say of themselves.
struct HealthRoutes: Sendable {
    var health: GatewayHealth

    func add(to router: Router<GatewayContext>) {
        router.get("health") { request, _ in
            JSONReply.make(
                JSONText.buffer(
                    Health(
                        status: "healthy", startupPhase: health.phase.rawValue, timestamp: WallClock.now().iso8601)),
                to: request)
        }
        router.get("ready") { request, _ in
            let readiness = await health.currentReadiness()
            let isReady = readiness != .notReady
            let body = JSONText.buffer(ReadinessReport(success: isReady, status: readiness.rawValue))
            return JSONReply.make(body, status: isReady ? 200 : 503, to: request)
        }
        router.get("api/health/detailed") { request, _ in
            let detail = await health.detailed()
            let body = JSONText.buffer(detail.document)
            return JSONReply.make(body, status: detail.status == .unhealthy ? 500 : 200, to: request)
        }
    }

    private struct Health: Encodable {
        var status: String
        var startupPhase: String
        var timestamp: String
    }

    private struct ReadinessReport: Encodable {
        var success: Bool
        var status: String
    }
}
