package import Foundation
import Synchronization

/// The real service as a child process: `supervisor run` with its workers and gateway, on a free port of loopback.
///
/// What it prints is kept (the newest lines) for whoever has to explain a failure.
package final class ServiceProcess: Sendable {
    /// The process ended, or did not become ready in time.
    package struct Failure: Error, CustomStringConvertible {
        package var description: String
    }

    private struct State {
        var lines: [String] = []
        var address: String?
        var partial = Data()
    }

    // Foundation's Process is safe to use from any thread for what is done here: pid, signals, waiting.
    private let process: Process
    private let state = Mutex(State())
    private let exit = ExitLatch()
    private let echo: (@Sendable (String) -> Void)?

    /// Lines kept.
    private static let keptLines = 2_000

    /// Starts `supervisor run`.
    ///
    /// - Parameters:
    ///   - binaries: the directory with the executables.
    ///   - environment: settings; the caller's own environment is not inherited but for PATH and HOME, and what
    ///     `make sanitize` tells every program.
    ///   - echo: called with every line that the service prints.
    package init(
        binaries: URL, environment: [String: String], arguments: [String] = ["run"],
        echo: (@Sendable (String) -> Void)? = nil
    ) throws {
        self.echo = echo
        process = Process()
        process.executableURL = binaries.appendingPathComponent("supervisor")
        process.arguments = arguments
        let own = ProcessInfo.processInfo.environment
        var variables = [
            "PATH": own["PATH"] ?? "/usr/bin:/bin", "HOME": own["HOME"] ?? "/", "HOST": "127.0.0.1", "PORT": "0",
            "METRICS_ADDRESS": "off",
        ]
        for name in ["LD_PRELOAD", "TSAN_OPTIONS", "ASAN_OPTIONS"] { variables[name] = own[name] }
        variables.merge(environment) { _, new in new }
        process.environment = variables
        process.standardInput = FileHandle.nullDevice
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        let exit = exit
        process.terminationHandler = {
            exit.set($0.terminationReason == .exit ? $0.terminationStatus : 128 + $0.terminationStatus)
        }
        try process.run()
        read(output.fileHandleForReading)
    }

    package var pid: Int32 { process.processIdentifier }

    /// The newest lines that were printed.
    package var lines: [String] { state.withLock(\.lines) }

    /// `http://127.0.0.1:PORT`, once the service has said that it is ready.
    package func baseURL(within limit: Duration = .seconds(60)) async throws -> String {
        let deadline = ContinuousClock.now.advanced(by: limit)
        while ContinuousClock.now < deadline {
            if let address = state.withLock(\.address) { return "http://\(address)" }
            if let code = exit.value { throw Failure(description: "the service ended with \(code):\n\(tail)") }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw Failure(description: "the service was not ready within \(limit):\n\(tail)")
    }

    /// Waits for the end of the process; throws when it takes longer. Killed by signal n counts as 128 + n.
    package func exitCode(within limit: Duration = .seconds(60)) async throws -> Int32 {
        let deadline = ContinuousClock.now.advanced(by: limit)
        while ContinuousClock.now < deadline {
            if let code = exit.value { return code }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw Failure(description: "the service did not end within \(limit):\n\(tail)")
    }

    package var isRunning: Bool { exit.value == nil }

    package func signal(_ number: Int32) { if isRunning { kill(pid, number) } }

    /// Asks it to stop and waits for its exit code.
    package func stop(within limit: Duration = .seconds(60)) async throws -> Int32 {
        signal(SIGTERM)
        return try await exitCode(within: limit)
    }

    /// The pids of its children by role: `worker 0`, `worker 1`, `gateway`.
    package var children: [String: Int32] { ProcessTable.children(of: pid) }

    /// Ends the process and its children at once, for clean-up after a failure.
    package func killAll() {
        for child in children.values { kill(child, SIGKILL) }
        signal(SIGKILL)
    }

    private var tail: String { lines.suffix(40).joined(separator: "\n") }

    private func read(_ handle: FileHandle) {
        handle.readabilityHandler = { [weak self] handle in
            let data = handle.availableData
            guard !data.isEmpty, let self else {
                handle.readabilityHandler = nil
                return
            }
            self.take(data)
        }
    }

    private func take(_ data: Data) {
        let fresh = state.withLock { state in
            state.partial.append(data)
            var fresh: [String] = []
            while let end = state.partial.firstIndex(of: UInt8(ascii: "\n")) {
                fresh.append(String(decoding: state.partial[..<end], as: UTF8.self))
                state.partial = Data(state.partial[(end + 1)...])
            }
            state.lines.append(contentsOf: fresh)
            if state.lines.count > Self.keptLines { state.lines.removeFirst(state.lines.count - Self.keptLines) }
            state.address = state.address ?? fresh.lazy.compactMap(Self.readyAddress).first
            return fresh
        }
        if let echo { fresh.forEach(echo) }
    }

    /// `… supervisor: supervisor ready address=127.0.0.1:34567 …`
    private static func readyAddress(_ line: String) -> String? {
        guard line.contains(" supervisor ready "), let start = line.range(of: "address=") else { return nil }
        return String(line[start.upperBound...].prefix { $0 != " " })
    }
}

/// Holds an exit code once there is one.
private final class ExitLatch: Sendable {
    private let code = Mutex<Int32?>(nil)

    var value: Int32? { code.withLock { $0 } }

    func set(_ newValue: Int32) { code.withLock { $0 = newValue } }
}
