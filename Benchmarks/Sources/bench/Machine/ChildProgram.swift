import Foundation
import Synchronization

/// A program that runs beside us, with what it prints.
final class ChildProgram: Sendable {
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    // Foundation's Process is safe to use from any thread for what is done here: pid, signal, waiting.
    private let process = Process()
    private let lines = Mutex<(kept: [String], rest: String)>(([], ""))

    init(_ program: URL, _ arguments: [String], environment: [String: String] = [:]) throws {
        process.executableURL = program
        process.arguments = arguments
        let own = ProcessInfo.processInfo.environment
        process.environment = ["PATH": own["PATH"] ?? "/usr/bin:/bin", "HOME": own["HOME"] ?? "/"]
            .merging(environment) { _, new in new }
        process.standardInput = FileHandle.nullDevice
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        pipe.fileHandleForReading.readabilityHandler = { [weak self] handle in
            let data = handle.availableData
            guard !data.isEmpty, let self else {
                handle.readabilityHandler = nil
                return
            }
            take(String(decoding: data, as: UTF8.self))
        }
        try process.run()
    }

    var pid: Int32 { process.processIdentifier }

    /// Waits for a line that `find` makes something of.
    func first<Found>(within limit: Duration = .seconds(120), _ find: (String) -> Found?) async throws -> Found {
        let deadline = ContinuousClock.now.advanced(by: limit)
        while ContinuousClock.now < deadline {
            let kept = lines.withLock { $0.kept }
            if let found = kept.lazy.compactMap(find).first { return found }
            guard process.isRunning else { break }
            try await Task.sleep(for: .milliseconds(2))
        }
        let tail = lines.withLock { $0.kept.suffix(20).joined(separator: "\n") }
        throw Failure(description: "\(process.executableURL?.lastPathComponent ?? "?") did not get ready:\n\(tail)")
    }

    /// TERM, then waits.
    func stop() async throws {
        if process.isRunning { kill(pid, SIGTERM) }
        let deadline = ContinuousClock.now.advanced(by: .seconds(60))
        while process.isRunning {
            guard ContinuousClock.now < deadline else {
                killTree()
                throw Failure(description: "\(process.executableURL?.lastPathComponent ?? "?") did not stop in 60 s")
            }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    func killTree() { for pid in Processes.tree(of: pid) { kill(pid, SIGKILL) } }

    private func take(_ text: String) {
        lines.withLock { lines in
            var parts = (lines.rest + text).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            lines.rest = parts.removeLast()
            lines.kept += parts
            if lines.kept.count > 400 { lines.kept.removeFirst(lines.kept.count - 400) }
        }
    }
}
