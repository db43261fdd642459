/// Why there is no answer, and whether TorBox may have seen the request.
struct TransportFailure: Error, Sendable, Equatable {
    enum Kind: Sendable, Equatable { case connection, timeout, cancelled, answerTooLarge }

    var kind: Kind
    /// False only when it is certain that TorBox cannot have acted: the body of the request was never handed out.
    var mayHaveArrived: Bool
    var reason: String

    var error: TorBoxError {
        switch kind {
        case .connection: TorBoxError(.connection, reason)
        case .timeout: TorBoxError(.timeout, reason)
        case .cancelled: .cancelled
        case .answerTooLarge: TorBoxError(.malformed, reason)
        }
    }
}
