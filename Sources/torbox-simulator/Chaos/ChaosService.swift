import AsyncHTTPClient
import ChaosVerdict
import Foundation
import ServiceHarness
import Synchronization

/// The service under test, started again on the same data whenever its supervisor ended.
final class ChaosService: Sendable {
    private struct State {
        var process: ServiceProcess?
        var baseURL = "http://127.0.0.1:1"
        /// Of the disturbance that the supervisor's absence is.
        var absence: Int?
        var wantsRunning = true
        var isChanging = false
    }

    private let state = Mutex(State())
    private let binaries: URL
    private let environment: [String: String]
    private let client: HTTPClient
    private let disturbances: DisturbanceLog
    private let tally: ChaosTally
    let journal = ServiceJournal()

    init(
        binaries: URL, environment: [String: String], client: HTTPClient, disturbances: DisturbanceLog,
        tally: ChaosTally
    ) {
        self.binaries = binaries
        self.environment = environment
        self.client = client
        self.disturbances = disturbances
        self.tally = tally
    }

    var rest: RESTClient { RESTClient(baseURL: state.withLock(\.baseURL), client: client) }
    var process: ServiceProcess? { state.withLock(\.process) }

    /// It was ready, and nobody has ended its supervisor since.
    var isUp: Bool { state.withLock { $0.absence == nil } }

    /// Starts it and returns when it is ready.
    func start() async throws {
        state.withLock { state in
            if state.absence == nil { state.absence = disturbances.begin(.supervisorDown) }
        }
        let process = try ServiceProcess(
            binaries: binaries, environment: environment, echo: { [journal] in journal.keep($0) })
        state.withLock { $0.process = process }
        let address = try await process.baseURL(within: .seconds(90))
        let absence = state.withLock { state in
            state.baseURL = address
            defer { state.absence = nil }
            return state.absence
        }
        if let absence { disturbances.end(absence) }
    }

    /// Ends the supervisor. ``keepRunning()`` starts another.
    func end(with signal: Int32) {
        state.withLock { state in
            if state.absence == nil { state.absence = disturbances.begin(.supervisorDown) }
            state.process?.signal(signal)
        }
    }

    /// Starts it again each time that it ended, until ``stop()`` or cancellation.
    func keepRunning() async throws {
        while !Task.isCancelled, state.withLock(\.wantsRunning) {
            if let process, !process.isRunning {
                if isUp, let code = try? await process.exitCode() {
                    journal.noteCrash("the supervisor ended by itself with \(code)")
                }
                tally.count(.disturbances, "supervisor started again")
                do {
                    try await start()
                } catch let failure as ServiceProcess.Failure {
                    // A full disk or a signal during the start: the next round tries again.
                    journal.keep("CHAOS: \(failure)")
                }
            }
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    // MARK: Operating

    /// Whether it has that many workers now.
    @discardableResult
    func scale(to count: Int) async -> Bool {
        let isDone = await change("scale", [String(count)])
        if isDone { tally.count(.disturbances, "scaled") }
        return isDone
    }

    func reload() async {
        if await change("reload", []) { tally.count(.disturbances, "reload by command") }
    }

    /// Runs an operator's command; one at a time, as a careful operator does.
    private func change(_ command: String, _ arguments: [String]) async -> Bool {
        let isFree = state.withLock { state in
            defer { state.isChanging = true }
            return !state.isChanging
        }
        guard isFree else { return false }
        defer { state.withLock { $0.isChanging = false } }
        // A command that does not start or end is one that failed; it is counted as such.
        let process = try? ServiceProcess(
            binaries: binaries, environment: environment, arguments: [command] + arguments)
        defer { process?.killAll() }
        guard let code = try? await process?.exitCode(within: .seconds(90)), code == 0 else {
            tally.count(.disturbances, "\(command) that failed")
            journal.keep("CHAOS: \(command) failed: \(process?.lines.joined(separator: " ") ?? "not started")")
            return false
        }
        return true
    }

    // MARK: Ending

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
}
