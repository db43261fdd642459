import Glibc
package import Logging
package import NIOCore
import Observability
import Synchronization
package import WireProtocol

/// One life of one child: from the spawn over hello, ready and check-ins to the exit.
package final class ChildProcess: Sendable {
    package typealias Report = @Sendable (ChildStateMachine.Event) -> Void

    /// How long the last words of a child that has exited may take to come out of the channel.
    private static let lastWords: Duration = .seconds(1)

    private struct State {
        var process: SpawnedProcess?
        /// Asked for before the process was there.
        var pending: ChildSignal?
        /// As of the latest check-in.
        var health: ChildHealth?
    }

    private let specification: ChildSpecification
    /// Ours, by their number in the child, besides the control channel.
    private let descriptors: [Int32: Int32]
    private let group: any EventLoopGroup
    private let logger: Logger
    private let channel = ControlChannel()
    private let state = Mutex(State())

    package init(
        _ specification: ChildSpecification, descriptors: [Int32: Int32], group: any EventLoopGroup, logger: Logger
    ) {
        self.specification = specification
        self.descriptors = descriptors
        self.group = group
        self.logger = logger
    }

    /// Nil while there is no process yet.
    package var pid: Int32? { state.withLock { $0.process?.pid } }

    /// What the latest check-in said.
    package var health: ChildHealth? { state.withLock(\.health) }

    /// Queues a message to the child; lost when the child is gone.
    package func post(_ message: ControlMessage) { channel.post(message) }

    /// Sends it now, or as soon as there is a process.
    package func signal(_ signal: ChildSignal) {
        let process = state.withLock { state in
            if state.process == nil { state.pending = signal }
            return state.process
        }
        process?.send(signal)
    }

    /// Lives the life and reports it; the last event is `.exited` or `.spawnFailed`. Not shortened by cancellation.
    package func run(report: @escaping Report) async {
        do {
            let pair = try ControlChannel.makePair()
            let process = try await spawn(pair)
            report(.exited(await live(process, over: pair.own, report: report)))
        } catch {
            report(.spawnFailed(reason: "\(error)"))
        }
    }

    private func spawn(_ pair: (own: Int32, child: Int32)) async throws -> SpawnedProcess {
        defer { close(pair.child) }
        var descriptors = descriptors
        descriptors[ControlChannel.descriptorInChild] = pair.child
        do {
            let process = try await SpawnThread.spawn(specification, descriptors: descriptors)
            let pending = state.withLock { state in
                state.process = process
                return state.pending
            }
            if let pending { process.send(pending) }
            logger.info("child started", metadata: [LogKey.childPID: "\(process.pid)"])
            return process
        } catch {
            close(pair.own)
            throw error
        }
    }

    /// Both ends of a life: the conversation ends at end of file, the process when the kernel says so.
    private func live(_ process: SpawnedProcess, over descriptor: Int32, report: @escaping Report) async -> ProcessExit
    {
        await withTaskGroup { tasks in
            tasks.addTask { [self] in
                await converse(over: descriptor, report)
                report(.channelClosed)
            }
            let status = await process.ended()
            tasks.addTask {
                // Throws only when cancelled, which is then what was wanted.
                try? await Task.sleep(for: Self.lastWords)
            }
            await tasks.next()
            tasks.cancelAll()
            return status
        }
    }

    private func converse(over descriptor: Int32, _ report: @escaping Report) async {
        do {
            try await channel.converse(over: descriptor, on: group, logger: logger) { message in
                if case .alive(let health) = message { state.withLock { $0.health = health } }
                if let event = Self.event(message) { report(event) }
            }
        } catch {
            logger.error("control channel cannot be opened", metadata: [LogKey.error: "\(error)"])
        }
    }

    private static func event(_ message: ControlMessage) -> ChildStateMachine.Event? {
        switch message {
        case .hello: .greeted
        case .ready: .ready
        case .alive: .checkedIn
        case .drained: .drained
        case .failed(let reason): .failed(reason: reason)
        case .released(let slots, let epoch): .released(slots: slots, epoch: epoch)
        case .assign, .release, .liftBreaker, .drain, .retire: nil
        }
    }
}
