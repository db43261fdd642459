import CProcess
import Glibc
import NIOCore
import NIOPosix

/// A command that runs to its end: `worker migrate`, `worker check-config`.
struct OneShotCommand: Sendable {
    struct Outcome: Sendable, Equatable {
        var status: ProcessExit
        /// Standard output, when it was captured.
        var output = ""
    }

    /// From TERM to KILL, when it is cancelled or over its limit.
    private static let killAfter: TimeAmount = .seconds(10)
    private static let outputLimit = 256 * 1024

    var specification: ChildSpecification
    /// The longest it may take; then it is ended.
    var limit: Duration
    var eventLoop: any EventLoop

    /// Standard output goes where ours goes. Cancellation ends the command in order and waits for that.
    func run() async throws -> Outcome {
        Outcome(status: await finish(try await SpawnThread.spawn(specification, descriptors: [:])))
    }

    /// Standard output is kept, up to 256 KiB of it.
    func runCapturing() async throws -> Outcome {
        var pipe: [Int32] = [-1, -1]
        let error = cprocess_pipe(&pipe)
        guard error == 0 else { throw SystemCall.failure("cannot make a pipe", error) }
        let (readEnd, writeEnd) = (pipe[0], pipe[1])
        defer { close(readEnd) }
        let process: SpawnedProcess
        do {
            defer { close(writeEnd) }
            process = try await SpawnThread.spawn(specification, descriptors: [STDOUT_FILENO: writeEnd])
        }
        async let output = Self.read(readEnd)
        let status = await finish(process)
        return Outcome(status: status, output: await output)
    }

    private func finish(_ process: SpawnedProcess) async -> ProcessExit {
        let limit = TimeAmount(limit)
        let overdue = eventLoop.scheduleTask(in: limit) { process.send(.terminate) }
        let lost = eventLoop.scheduleTask(in: limit + Self.killAfter) { process.send(.kill) }
        defer {
            overdue.cancel()
            lost.cancel()
        }
        return await withTaskCancellationHandler {
            await process.ended()
        } onCancel: {
            process.send(.terminate)
            // Does nothing to a process that has been reaped by then.
            eventLoop.scheduleTask(in: Self.killAfter) { process.send(.kill) }
        }
    }

    /// Reads to the end of file, which the process's end brings; on a thread, because reading a pipe blocks.
    private static func read(_ descriptor: Int32) async -> String {
        await withCheckedContinuation { continuation in
            NIOThreadPool.singleton.submit { _ in
                var bytes: [UInt8] = []
                var buffer = [UInt8](repeating: 0, count: 16 * 1024)
                while true {
                    let count = Glibc.read(descriptor, &buffer, buffer.count)
                    if count < 0 && errno == EINTR { continue }
                    guard count > 0 else { break }
                    if bytes.count < outputLimit { bytes += buffer[..<count] }
                }
                continuation.resume(returning: String(decoding: bytes, as: UTF8.self))
            }
        }
    }
}
