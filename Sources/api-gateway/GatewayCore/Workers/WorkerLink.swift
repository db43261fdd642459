import NIOCore
import NIOPosix
import Synchronization
import WireProtocol

/// The few connections to one worker: one on each event loop, so that a request and its answer need not change threads.
/// Who asks from elsewhere uses them in turn.
final class WorkerLink: Sendable {
    /// Streams have connections of their own: each takes one of the 1,024 places of a connection for as long as
    /// somebody listens, and requests must not run short of places.
    static let streamLanesPerWorker = 4

    private let lanes: [WorkerLane]
    private let loops: [ObjectIdentifier: WorkerLane]
    private let streamLanes: [WorkerLane]
    private let turn = Atomic<Int>(0)

    init(path: String, group: any EventLoopGroup) {
        let pairs = group.makeIterator().map { ($0, WorkerLane(path: path, group: $0)) }
        lanes = pairs.map(\.1)
        loops = Dictionary(pairs.map { (ObjectIdentifier($0), $1) }) { first, _ in first }
        streamLanes = (0..<Self.streamLanesPerWorker).map { _ in WorkerLane(path: path, group: group) }
    }

    /// Sends the request over the connection of the caller's event loop, or the next one. Throws ``WireError``.
    func call(_ request: WorkerRequest, isStream: Bool = false) async throws -> WorkerResponse {
        if !isStream, let loop = MultiThreadedEventLoopGroup.currentEventLoop, let lane = loops[ObjectIdentifier(loop)]
        {
            return try await call(request, over: lane)
        }
        let lanes = isStream ? streamLanes : lanes
        let number = turn.wrappingAdd(1, ordering: .relaxed).oldValue
        return try await call(request, over: lanes[abs(number % lanes.count)])
    }

    private func call(_ request: WorkerRequest, over lane: WorkerLane) async throws -> WorkerResponse {
        if let connection = lane.current { return try await connection.call(request) }
        return try await lane.open().call(request)
    }

    func close() async {
        for lane in lanes + streamLanes { await lane.close() }
    }
}
