import DomainModel
import Foundation
import Logging
import NIOCore
import NIOFoundationCompat
import Observability
import ServiceSupport
import WireProtocol

/// Answers what operators ask over the control socket. Refusals carry their reason as plain text.
struct ControlDesk: Sendable {
    /// What it has accepted, for the fleet.
    let changes: AsyncStream<FleetChange>

    private let accepted: AsyncStream<FleetChange>.Continuation
    private let board: FleetBoard
    private let stop: StopRequests
    private let source: @Sendable () -> SupervisorSettings
    private let check: ConfigurationCheck
    private let hungLimit: Duration
    /// As of the latest reload.
    private let current: CurrentSettings
    private let logger: Logger

    /// - Parameters:
    ///   - settings: those that apply now.
    ///   - source: reads them anew.
    ///   - hungLimit: the longest silence of a child, whatever the settings say.
    init(
        board: FleetBoard, stop: StopRequests, settings: SupervisorSettings,
        source: @escaping @Sendable () -> SupervisorSettings, check: ConfigurationCheck, hungLimit: Duration,
        logger: Logger
    ) {
        // More than a few at a time would be refused by the fleet anyway.
        (changes, accepted) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(4))
        self.board = board
        self.stop = stop
        self.source = source
        self.check = check
        self.hungLimit = hungLimit
        current = CurrentSettings(settings)
        self.logger = logger
    }

    @concurrent func answer(_ request: WireProtocol.Request) async -> Response {
        switch request.operation {
        case ControlSocket.status: return Self.answer(200, board.status(at: .now))
        case ControlSocket.scale: return scale(to: request.parameters["workers"].flatMap { Int($0) })
        case ControlSocket.reload: return await reload()
        case ControlSocket.liftBreaker:
            let before = board.status(at: .now)
            logger.notice("lifting the breaker of all workers")
            board.tellWorkers(.liftBreaker)
            return Self.answer(200, before)
        case ControlSocket.drain:
            stop.request(.drain)
            return Self.answer(202, board.status(at: .now))
        default: return Self.refusal(404, "unknown operation \(request.operation)")
        }
    }

    private func scale(to count: Int?) -> Response {
        guard let count, (1...Slot.count).contains(count) else {
            return Self.refusal(400, "the number of workers must be 1...\(Slot.count)")
        }
        if let reason = board.machine.refusal { return Self.refusal(409, "cannot scale now: \(reason)") }
        let before = board.status(at: .now)
        guard count != before.workers else { return Self.answer(200, before) }
        logger.notice("scaling", metadata: [LogKey.count: "\(count)"])
        accepted.yield(.scale(to: count))
        return Self.answer(202, before)
    }

    /// Reads and checks the settings, and when they are good, has every child replaced. Otherwise nothing changes.
    func reload() async -> Response {
        let settings = source()
        let problems = settings.refusals(after: current.value) + (await check.run(settings).problems)
        guard problems.isEmpty else {
            for problem in problems {
                logger.error(
                    "reload refused, configuration problem",
                    metadata: [LogKey.key: "\(problem.key)", LogKey.reason: "\(problem.message)"])
            }
            return Self.refusal(422, problems.map { "\($0)" }.joined(separator: "\n"))
        }
        if let reason = board.machine.refusal {
            logger.warning("reload refused", metadata: [LogKey.reason: "\(reason)"])
            return Self.refusal(409, "cannot reload now: \(reason)")
        }
        let before = board.status(at: .now)
        logger.notice("reloading")
        accepted.yield(.reload(settings.programs, settings.fleet(after: current.value, limit: hungLimit)))
        current.accept(settings)
        return Self.answer(202, before)
    }

    /// The fleet has put the settings before the latest reload in force again.
    func noteRevert() { current.revert() }

    private static func answer(_ status: Int, _ body: FleetStatus) -> Response {
        do {
            return Response(status: status, body: .bytes(ByteBuffer(data: try JSONEncoder().encode(body))))
        } catch {
            return refusal(500, "\(error)")
        }
    }

    private static func refusal(_ status: Int, _ reason: String) -> Response {
        Response(status: status, contentType: "text/plain; charset=utf-8", body: .bytes(ByteBuffer(string: reason)))
    }
}
