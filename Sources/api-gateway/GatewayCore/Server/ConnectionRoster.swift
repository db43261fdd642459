import NIOCore
import Synchronization

/// The open client connections, so that draining can reach them.
final class ConnectionRoster: Sendable {
    private struct Entry {
        var channel: any Channel
        var added: ContinuousClock.Instant
    }
    private let channels = Mutex<[ObjectIdentifier: Entry]>([:])
    private let draining = Atomic<Bool>(false)

    var count: Int { channels.withLock(\.count) }

    /// From now on every answer says `Connection: close`.
    var isDraining: Bool { draining.load(ordering: .relaxed) }

    func add(_ channel: any Channel) {
        let id = ObjectIdentifier(channel)
        channels.withLock { $0[id] = Entry(channel: channel, added: .now) }
        channel.closeFuture.whenComplete { _ in _ = self.channels.withLock { $0.removeValue(forKey: id) } }
    }

    func beginDraining() { draining.store(true, ordering: .relaxed) }

    /// Closes connections without a request at once, the others after their answer. Those younger than `age` are
    /// left alone: their first request may be on its way.
    func quiesce(olderThan age: Duration) {
        let latest = ContinuousClock.now.advanced(by: .zero - age)
        let channels = channels.withLock { $0.values.filter { $0.added <= latest }.map(\.channel) }
        for channel in channels { channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent()) }
    }

    func closeAll() {
        for entry in channels.withLock({ Array($0.values) }) { entry.channel.close(promise: nil) }
    }
}
