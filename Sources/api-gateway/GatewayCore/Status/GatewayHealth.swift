import DomainModel
import Foundation
import NIOFoundationCompat
import ServiceSupport
import Synchronization
import WireProtocol

/// What `/health`, `/ready` and `/api/backend/status` tell.
package final class GatewayHealth: Sendable {
    /// Longest wait for a worker's part of the status; the frontend waits 5 s for the whole.
    private static let statusLimit: Duration = .seconds(3)
    private static let probeLimit: Duration = .seconds(5)
    /// Longest wait for a worker's part of the detailed health, a call to TorBox included; the frontend waits 10 s.
    private static let detailLimit: Duration = .seconds(6)

    private let workers: WorkerClient
    private let started = ContinuousClock.now
    private let hasBeenReady = Atomic<Bool>(false)
    private let readiness: Recent<Readiness>
    private let shares: Recent<[JSONValue]>
    private let details: Recent<[JSONValue?]>

    package init(workers: WorkerClient) {
        self.workers = workers
        readiness = Recent(maximumAge: .seconds(1), keepingIf: { $0 == .ready }) { await Self.probe(workers) }
        shares = Recent(maximumAge: .seconds(1), keepingIf: { !$0.isEmpty }) { await Self.collectShares(workers) }
        details = Recent(maximumAge: .seconds(5), keepingIf: { !$0.contains(nil) }) {
            await Self.collectDetails(workers)
        }
    }

    var phase: StartupPhase {
        if hasBeenReady.load(ordering: .relaxed) { return .ready }
        return workers.board.current == nil ? .starting : .warming
    }

    var uptime: Duration { started.duration(to: .now) }

    /// Whether a real request through every worker worked within the last second.
    package func isReady() async -> Bool { await currentReadiness() != .notReady }

    /// The same, and whether the registry is there.
    func currentReadiness() async -> Readiness {
        let current = await readiness.get()
        if current != .notReady { hasBeenReady.store(true, ordering: .relaxed) }
        return current
    }

    /// The scheduler and pool figures of all workers, as far as they answer.
    func combinedStatus() async -> StatusCombination { StatusCombination(await shares.get()) }

    /// Everything at a glance, at most five seconds old.
    func detailed() async -> DetailedHealth {
        let (shares, combination) = (await details.get(), await combinedStatus())
        return DetailedHealth(
            shares: shares, combination: combination, own: .current(), pid: getpid(), version: BuildVersion.text,
            uptime: uptime, now: WallClock.now())
    }

    private static func collectDetails(_ workers: WorkerClient) async -> [JSONValue?] {
        await workers.askAll(Operation.health, within: detailLimit).map { $0.flatMap(document) }
    }

    private static func probe(_ workers: WorkerClient) async -> Readiness {
        let answers = await workers.askAll(Operation.probe, within: probeLimit)
        guard !answers.isEmpty, answers.allSatisfy({ $0 != nil }) else { return .notReady }
        let isAway = answers.contains { $0.flatMap(document)?["registry"] == .string("unreachable") }
        return isAway ? .withoutRegistry : .ready
    }

    private static func collectShares(_ workers: WorkerClient) async -> [JSONValue] {
        let answers = await workers.askAll(Operation.workerStatus, within: statusLimit)
        return answers.compactMap { $0.flatMap(document) }
    }

    /// The JSON body of an answer, nil when it has none.
    static func document(_ response: WorkerResponse) -> JSONValue? {
        guard case .bytes(let body) = response.body else { return nil }
        // A worker that talks nonsense counts as one that does not answer.
        return try? JSONDecoder().decode(JSONValue.self, from: body)
    }
}
