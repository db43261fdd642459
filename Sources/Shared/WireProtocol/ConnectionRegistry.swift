import NIOCore
import Synchronization

/// Which server connections exist, so that draining can wait for the last answer of each.
final class ConnectionRegistry: Sendable {
    private struct State {
        var connections: [ObjectIdentifier: NIOLoopBound<WireServerConnection>] = [:]
        var closedFutures: [ObjectIdentifier: EventLoopFuture<Void>] = [:]
        var underWay = 0
    }
    private let state = Mutex(State())

    var requestsUnderWay: Int { state.withLock(\.underWay) }

    func requestBegan() { state.withLock { $0.underWay += 1 } }
    func requestEnded() { state.withLock { $0.underWay -= 1 } }

    func add(_ connection: WireServerConnection, channel: any Channel) {
        let bound = NIOLoopBound(connection, eventLoop: channel.eventLoop)
        state.withLock {
            $0.connections[ObjectIdentifier(connection)] = bound
            $0.closedFutures[ObjectIdentifier(connection)] = channel.closeFuture
        }
    }

    func remove(_ connection: WireServerConnection) {
        state.withLock {
            $0.connections[ObjectIdentifier(connection)] = nil
            $0.closedFutures[ObjectIdentifier(connection)] = nil
        }
    }

    func drain() async {
        let (connections, closed) = state.withLock { (Array($0.connections.values), Array($0.closedFutures.values)) }
        for connection in connections {
            connection.eventLoop.execute { connection.value.drain() }
        }
        for future in closed {
            // A connection that ended with an error has ended all the same.
            try? await future.get()
        }
    }
}
