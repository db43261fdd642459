import NIOCore
import Synchronization

/// Which server connections exist and how many requests are under way, so that draining can wait for the last
/// answer of each.
final class ConnectionRegistry: Sendable {
    private struct State {
        var connections: [ObjectIdentifier: NIOLoopBound<WireServerConnection>] = [:]
        var underWay = 0
        var isDraining = false
        var isCutOff = false
        var waiters: [CheckedContinuation<Void, Never>] = []

        var isDrained: Bool { isCutOff || (connections.isEmpty && underWay == 0) }

        mutating func takeWaiters() -> [CheckedContinuation<Void, Never>] {
            guard isDrained else { return [] }
            defer { waiters = [] }
            return waiters
        }
    }
    private let state = Mutex(State())

    var requestsUnderWay: Int { state.withLock(\.underWay) }

    func requestBegan() { state.withLock { $0.underWay += 1 } }

    func requestEnded() { change { $0.underWay -= 1 } }

    /// True when draining has begun: the connection was accepted too late and closes when it is idle.
    func add(_ connection: WireServerConnection, channel: any Channel) -> Bool {
        let bound = NIOLoopBound(connection, eventLoop: channel.eventLoop)
        return state.withLock { state in
            state.connections[ObjectIdentifier(connection)] = bound
            return state.isDraining
        }
    }

    func remove(_ connection: WireServerConnection) {
        change { $0.connections[ObjectIdentifier(connection)] = nil }
    }

    /// Tells all connections to answer what is under way and close; returns when they have, or at ``cutOff()``.
    func drain() async {
        for connection in connections({ $0.isDraining = true }) {
            connection.eventLoop.execute { connection.value.drain() }
        }
        await withCheckedContinuation { continuation in
            let isDrained = state.withLock { state in
                if !state.isDrained { state.waiters.append(continuation) }
                return state.isDrained
            }
            if isDrained { continuation.resume() }
        }
    }

    /// Closes all connections as they are, which cancels their handlers, and waits for nothing more.
    func cutOff() {
        for connection in connections({ $0.isDraining = true }) {
            connection.eventLoop.execute { connection.value.cutOff() }
        }
        change { $0.isCutOff = true }
    }

    private func connections(_ change: (inout State) -> Void) -> [NIOLoopBound<WireServerConnection>] {
        state.withLock { state in
            change(&state)
            return Array(state.connections.values)
        }
    }

    private func change(_ change: (inout State) -> Void) {
        let waiters = state.withLock { state in
            change(&state)
            return state.takeWaiters()
        }
        for waiter in waiters { waiter.resume() }
    }
}
