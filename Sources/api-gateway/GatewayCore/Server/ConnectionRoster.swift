import NIOCore
import Synchronization

/// The open client connections, so that draining can reach them.
final class ConnectionRoster: Sendable {
    private let channels = Mutex<[ObjectIdentifier: any Channel]>([:])
    private let draining = Atomic<Bool>(false)

    var count: Int { channels.withLock(\.count) }

    /// From now on every answer says `Connection: close`.
    var isDraining: Bool { draining.load(ordering: .relaxed) }

    func add(_ channel: any Channel) {
        let id = ObjectIdentifier(channel)
        channels.withLock { $0[id] = channel }
        channel.closeFuture.whenComplete { _ in _ = self.channels.withLock { $0.removeValue(forKey: id) } }
    }

    func beginDraining() { draining.store(true, ordering: .relaxed) }

    /// Closes connections without a request at once, the others after their answer.
    func quiesce() {
        for channel in all { channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent()) }
    }

    func closeAll() {
        for channel in all { channel.close(promise: nil) }
    }

    private var all: [any Channel] { channels.withLock { Array($0.values) } }
}
