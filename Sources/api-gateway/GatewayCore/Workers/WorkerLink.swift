import NIOCore
import Synchronization
import WireProtocol

/// The few connections to one worker, used in turn so that a large body does not hold up everybody.
final class WorkerLink: Sendable {
    /// Two carry 30,000 small requests a second between them; more only cost memory.
    static let lanesPerWorker = 2

    /// Streams have connections of their own: each takes one of the 1,024 places of a connection for as long as
    /// somebody listens, and requests must not run short of places.
    static let streamLanesPerWorker = 4

    private let lanes: [WorkerLane]
    private let streamLanes: [WorkerLane]
    private let turn = Atomic<Int>(0)

    init(path: String, group: any EventLoopGroup) {
        lanes = (0..<Self.lanesPerWorker).map { _ in WorkerLane(path: path, group: group) }
        streamLanes = (0..<Self.streamLanesPerWorker).map { _ in WorkerLane(path: path, group: group) }
    }

    /// Sends the request over the next connection. Throws ``WireError``.
    func call(_ request: WorkerRequest, isStream: Bool = false) async throws -> WorkerResponse {
        let lanes = isStream ? streamLanes : lanes
        let number = turn.wrappingAdd(1, ordering: .relaxed).oldValue
        return try await lanes[abs(number % lanes.count)].open().call(request)
    }

    func close() async {
        for lane in lanes + streamLanes { await lane.close() }
    }
}
