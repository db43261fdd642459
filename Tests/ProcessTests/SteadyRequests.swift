import AsyncHTTPClient
import NIOHTTP1
import ServiceHarness
import Synchronization

/// Reads and writes of many users without a pause, over kept-alive and over fresh connections, until told to stop.
final class SteadyRequests: Sendable {
    private struct State {
        var isOver = false
        var answers = 0
        var failures: [String] = []
    }

    private let state = Mutex(State())

    var answers: Int { state.withLock(\.answers) }

    /// Runs the load while `body` does, and returns what failed.
    static func during(
        _ fixture: Fixture, _ keys: [String], _ body: (SteadyRequests) async throws -> Void
    ) async throws -> (answers: Int, failures: [String]) {
        let load = SteadyRequests()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for lane in 0..<3 { group.addTask { await load.ask(fixture.rest, keys, lane, fresh: lane == 2) } }
            defer { load.state.withLock { $0.isOver = true } }
            try await body(load)
        }
        return load.state.withLock { ($0.answers, $0.failures) }
    }

    private func ask(_ rest: RESTClient, _ keys: [String], _ lane: Int, fresh: Bool) async {
        var index = lane
        while !state.withLock(\.isOver) {
            let key = keys[index % keys.count]
            index += 1
            do {
                let headers = fresh ? [("connection", "close")] : []
                let answer =
                    lane == 1
                    ? try await rest.saveRules([], key: key)
                    : try await rest.send(.GET, "/api/automation/rules", key: key, headers: headers)
                note(answer.status == 200 ? nil : "\(answer.status) \(answer.body)")
            } catch {
                note("\(error)")
            }
        }
    }

    private func note(_ failure: String?) {
        state.withLock { state in
            state.answers += 1
            if let failure { state.failures.append(failure) }
        }
    }
}
