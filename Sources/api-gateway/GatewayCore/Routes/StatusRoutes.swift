import DomainModel
import HTTPTypes
import Hummingbird
import ServiceSupport
import WireProtocol

/// Routes about all users together. Source: REST contract, sections 1.2 and 1.4.
struct StatusRoutes: Sendable {
    /// The frontend waits 5 s.
    private static let countLimit: Duration = .seconds(4)

    var health: GatewayHealth
    var workers: WorkerClient
    var internalGuard: InternalGuard

    func add(to router: Router<GatewayContext>) {
        router.get("api/backend/status") { request, _ in await status(request) }
        router.get("api/backend/api-key/status") { request, context in try await keyStatus(request, context) }
    }

    private func status(_ request: ClientRequest) async -> ClientResponse {
        let combination = await health.combinedStatus()
        let phase = health.phase
        let document: [String: JSONValue] = [
            "available": .bool(true), "mode": .string("selfhosted"), "version": .string(BuildVersion.text),
            "uptime": .number(Double(health.uptime / .milliseconds(1)) / 1_000),
            "startupPhase": .string(phase.rawValue), "warming": .bool(phase == .warming),
            "pollingScheduler": combination.pollingScheduler, "connectionPool": combination.connectionPool,
        ]
        return JSONReply.make(JSONText.buffer(JSONValue.object(document)), to: request)
    }

    private func keyStatus(_ request: ClientRequest, _ context: GatewayContext) async throws -> ClientResponse {
        try internalGuard.check(request.headers)
        let answers = await workers.askAll(
            Operation.countUsers, within: Self.countLimit, correlationID: context.correlationID)
        let counts = answers.map { $0.flatMap(GatewayHealth.document)?["activeUsers"]?.integerValue }
        // A sum without one worker's share would be wrong without saying so.
        guard !counts.isEmpty, !counts.contains(nil) else { throw Problem.initialising }
        let total = counts.reduce(0) { $0 + ($1 ?? 0) }
        let document: [String: JSONValue] = ["success": .bool(true), "activeUsers": .integer(total)]
        return JSONReply.make(JSONText.buffer(JSONValue.object(document)), to: request)
    }
}
