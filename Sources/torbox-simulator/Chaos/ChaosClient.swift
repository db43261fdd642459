import AsyncHTTPClient
import ChaosVerdict
import DomainModel
import NIOHTTP1
import ServiceHarness
import Synchronization
import TorBoxSimulator

/// Sends requests as a patient frontend does: waits as long as it is told to, or until the service is there again.
struct ChaosClient: Sendable {
    let service: ChaosService
    let failures: FailureLog
    let tally: ChaosTally

    private static let attempts = 5
    /// Longer than the service's own limit on a request and the longest pause together.
    private static let timeout = Duration.seconds(25)
    /// A client that waits for the minute that a full disk asks for would be quiet for the rest of the storm.
    private static let longestPause = Duration.seconds(3)

    /// The answer 200, or nil when there was none after all attempts that are harmless.
    ///
    /// - Parameter onRepeat: Called before the request is sent once more.
    func send(
        _ request: ChaosRequest, key: String, onRepeat: () -> Void = {}
    ) async -> RESTClient.Answer? {
        tally.count(.requests, "wanted")
        for attempt in 1...Self.attempts {
            let began = RealTime.milliseconds()
            let result = await attemptOnce(request, key: key)
            guard case .failure(let outcome) = result else {
                tally.count(.requests, attempt == 1 ? "answered at once" : "answered when sent again")
                return try? result.get()
            }
            failures.add(
                RequestFailure(outcome.value, time: began...RealTime.milliseconds(), detail: outcome.detail))
            guard attempt < Self.attempts, mayRepeat(request, outcome.value) else { break }
            await pause(after: outcome)
            onRepeat()
            tally.count(.requests, "sent again")
        }
        tally.count(.requests, "given up")
        return nil
    }

    private struct Failed: Error {
        var value: RequestFailure.Outcome
        var retryAfter: Duration?
        var detail = ""
    }

    private func attemptOnce(_ request: ChaosRequest, key: String) async -> Result<RESTClient.Answer, Failed> {
        do {
            let answer = try await service.rest.send(
                request.method, request.path, key: key, json: request.body, timeout: Self.timeout)
            guard answer.status != 200 else { return .success(answer) }
            let seconds = answer.headers.first(name: "retry-after").flatMap { Int($0) }
            let reason = answer.json["error"]?.stringValue ?? ""
            return .failure(
                Failed(
                    value: .status(answer.status, hasRetryAfter: seconds != nil, reason: reason),
                    retryAfter: seconds.map { .seconds($0) }))
        } catch {
            return .failure(Failed(value: Self.outcome(of: error), detail: "\(error)"))
        }
    }

    /// The client has types of its own for its time-outs only; the rest is the system's word in a text.
    /// That no connection became free in time is one of them: all others still waited.
    private static func outcome(of error: any Error) -> RequestFailure.Outcome {
        let timeouts: [HTTPClientError] = [
            .deadlineExceeded, .readTimeout, .connectTimeout, .getConnectionFromPoolTimeout,
        ]
        if let error = error as? HTTPClientError, timeouts.contains(error) { return .timedOut }
        return "\(error)".lowercased().contains("refused") ? .refused : .closed
    }

    /// A write whose fate is unknown is sent again only when that does no harm.
    private func mayRepeat(_ request: ChaosRequest, _ outcome: RequestFailure.Outcome) -> Bool {
        switch outcome {
        case .refused: true
        case .closed, .timedOut: request.isRepeatable
        case .status(503, _, _): request.isRepeatable
        case .status: false
        }
    }

    private func pause(after failed: Failed) async {
        // Cut short only when the run is cancelled, and then the next attempt fails.
        if failed.value == .refused {
            _ = try? await eventually(within: .seconds(30), every: .milliseconds(100)) { service.isUp }
        }
        try? await Task.sleep(
            for: min(failed.retryAfter ?? .milliseconds(Int.random(in: 100...500)), Self.longestPause))
    }
}

/// All attempts that failed.
final class FailureLog: Sendable {
    private let entries = Mutex<[RequestFailure]>([])

    var all: [RequestFailure] { entries.withLock { $0 } }

    func add(_ failure: RequestFailure) { entries.withLock { $0.append(failure) } }
}
