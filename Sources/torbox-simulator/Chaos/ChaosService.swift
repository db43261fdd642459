import AsyncHTTPClient
import Foundation
import ServiceHarness
import Synchronization

/// The service under test, started again on the same data whenever its supervisor ended.
final class ChaosService: Sendable {
    private struct State {
        var process: ServiceProcess?
        var baseURL = "http://127.0.0.1:1"
        var log: [String] = []
        var wantsRunning = true
    }

    private let state = Mutex(State())
    private let binaries: URL
    private let environment: [String: String]
    private let client: HTTPClient
    private let tally: ChaosTally
    private static let keptLines = 4_000

    init(binaries: URL, environment: [String: String], client: HTTPClient, tally: ChaosTally) {
        self.binaries = binaries
        self.environment = environment
        self.client = client
        self.tally = tally
    }

    var rest: RESTClient { RESTClient(baseURL: state.withLock(\.baseURL), client: client) }
    var process: ServiceProcess? { state.withLock(\.process) }
    var log: [String] { state.withLock(\.log) }

    /// Starts it and returns when it is ready.
    func start() async throws {
        let process = try ServiceProcess(
            binaries: binaries, environment: environment, echo: { [weak self] in self?.keep($0) })
        state.withLock { $0.process = process }
        let address = try await process.baseURL(within: .seconds(90))
        state.withLock { $0.baseURL = address }
    }

    /// Starts it again each time that it ended, until ``stop()`` or cancellation.
    func keepRunning() async throws {
        while !Task.isCancelled, state.withLock(\.wantsRunning) {
            if let process, !process.isRunning {
                tally.count("service", "supervisor started again")
                do {
                    try await start()
                } catch let failure as ServiceProcess.Failure {
                    keep("CHAOS: \(failure)")  // A full disk or a signal during the start: the next round tries again.
                }
            }
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    /// Asks it to stop; nil when it did not within a minute.
    func stop() async -> Int32? {
        let process = state.withLock { state in
            state.wantsRunning = false
            return state.process
        }
        // It did not end in time: nil says so.
        return try? await process?.stop()
    }

    func killAll() { process?.killAll() }

    /// Supervisor, workers and gateway.
    var pids: [Int32] { process.map { [$0.pid] + $0.children.values } ?? [] }

    private func keep(_ line: String) {
        state.withLock { state in
            state.log.append(line)
            if state.log.count > Self.keptLines { state.log.removeFirst(state.log.count - Self.keptLines) }
        }
    }
}
