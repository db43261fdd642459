/// A request that a client did not get the answer to that it wanted.
package struct RequestFailure: Sendable {
    package enum Outcome: Sendable, Equatable {
        /// Nobody took the connection.
        case refused
        /// The connection ended before the answer.
        case closed
        case timedOut
        case status(Int, hasRetryAfter: Bool, reason: String)
    }

    package var outcome: Outcome
    /// Unix milliseconds from sending to failing.
    package var time: ClosedRange<Int>
    /// The client's own words, for whoever looks for the cause.
    package var detail: String

    package init(_ outcome: Outcome, time: ClosedRange<Int>, detail: String = "") {
        self.outcome = outcome
        self.time = time
        self.detail = detail
    }

    /// For the report: what failed, with what was done to the service at that time.
    func name(among disturbances: [Disturbance]) -> String {
        guard let cause = cause(among: disturbances) else { return "\(words), unexplained" }
        return "\(words): \(cause.rawValue)"
    }

    /// Nil when nothing that was done explains it: then the service failed by itself.
    func cause(among disturbances: [Disturbance]) -> Disturbance.Kind? {
        let felt = disturbances.felt(in: time)
        return explanations.first(where: felt.contains)
    }

    private var words: String {
        switch outcome {
        case .refused: "connection refused"
        case .closed: "closed without answer"
        case .timedOut: "time-out"
        case .status(let status, let hasRetryAfter, let reason):
            "\(status)\(hasRetryAfter ? " with Retry-After" : "") \"\(reason)\""
        }
    }

    /// What may lead to it, the likeliest first.
    private var explanations: [Disturbance.Kind] {
        switch outcome {
        // The supervisor holds the socket: whoever else dies, a connection waits and is not refused.
        case .refused: [.supervisorDown]
        case .closed: [.supervisorDown, .gatewayEnded]
        case .timedOut: Disturbance.Kind.allCases
        case .status(503, hasRetryAfter: true, reason: "Storage is full"): [.diskFull]
        case .status(503, hasRetryAfter: true, _):
            [
                .supervisorDown, .workerEnded, .gatewayEnded, .workerPaused, .diskFull, .gatewayPaused,
                .supervisorPaused, .torBoxSilent, .machineBusy,
            ]
        // Whatever happened, an answer that says neither why nor when to come back is our own failure.
        case .status: []
        }
    }
}
