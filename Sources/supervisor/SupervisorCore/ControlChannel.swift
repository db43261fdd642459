import CProcess
import Glibc
package import Logging
package import NIOCore
package import WireProtocol

/// The supervisor's end of the channel to one life of one child. Messages are sent in the order they were posted.
package struct ControlChannel: Sendable {
    /// The descriptor numbers in the child.
    package static let descriptorInChild: Int32 = 3
    package static let environmentVariable = "TORBOX_CONTROL_FD"
    /// Far more than the handful that one life gets. Full means that the child has stopped reading; then it is
    /// about to be given up as hung anyway, and further messages are dropped.
    private static let outboxLimit = 64

    private let outgoing: AsyncStream<ControlMessage>
    private let outbox: AsyncStream<ControlMessage>.Continuation

    package init() {
        (outgoing, outbox) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(Self.outboxLimit))
    }

    /// Both close-on-exec. The caller owns both descriptors.
    static func makePair() throws -> (own: Int32, child: Int32) {
        var pair: [Int32] = [-1, -1]
        let error = cprocess_socket_pair(&pair)
        guard error == 0 else { throw SystemCall.failure("cannot make a control channel", error) }
        return (pair[0], pair[1])
    }

    /// Queues a message; may be called before the channel is connected. False when it was dropped.
    @discardableResult
    package func post(_ message: ControlMessage) -> Bool {
        if case .enqueued = outbox.yield(message) { true } else { false }
    }

    /// Talks over `descriptor`, which it takes over, until the child closes its end or the task is cancelled.
    package func converse(
        over descriptor: Int32, on group: any EventLoopGroup, logger: Logger,
        receive: @Sendable (ControlMessage) -> Void
    ) async throws {
        let connection = try await ControlConnection.adopt(descriptor: descriptor, on: group, logger: logger)
        await withTaskGroup { tasks in
            tasks.addTask { await send(over: connection) }
            for await message in connection.messages { receive(message) }
            await connection.close()
            tasks.cancelAll()
        }
    }

    private func send(over connection: ControlConnection) async {
        for await message in outgoing {
            // Fails only when the child is gone, which its end of file and its exit tell better.
            do { try await connection.send(message) } catch { return }
        }
    }
}
