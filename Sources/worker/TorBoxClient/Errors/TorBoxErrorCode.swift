/// What kind of failure a call met. An open set: switch with a default.
package struct TorBoxErrorCode: Hashable, Sendable, CustomStringConvertible {
    private enum Name: String {
        case connection, timeout, outage, unauthorized, planRestricted, rateLimited, incomplete, refused, malformed
        case cancelled, outOfTime
    }

    private let name: Name

    /// No connection could be made, or it broke before the whole answer was there.
    package static let connection = TorBoxErrorCode(name: .connection)
    /// TorBox did not answer within the full time-out of one request.
    package static let timeout = TorBoxErrorCode(name: .timeout)
    /// A 5xx that is no business answer (AUTH_ERROR with 500 included), a page of the edge, or our own pause.
    package static let outage = TorBoxErrorCode(name: .outage)
    /// The key is not accepted: 401, or 403 with AUTH_ERROR, NO_AUTH or BAD_TOKEN.
    package static let unauthorized = TorBoxErrorCode(name: .unauthorized)
    /// The plan does not include the call. The key itself is fine.
    package static let planRestricted = TorBoxErrorCode(name: .planRestricted)
    /// TorBox said so, or our own pacing leaves no room before the caller's deadline.
    package static let rateLimited = TorBoxErrorCode(name: .rateLimited)
    /// Answered, but not a plain and whole statement about the account: nothing may be concluded from it.
    package static let incomplete = TorBoxErrorCode(name: .incomplete)
    /// TorBox understood and said no.
    package static let refused = TorBoxErrorCode(name: .refused)
    /// JSON of a shape that no answer of TorBox has.
    package static let malformed = TorBoxErrorCode(name: .malformed)
    /// The calling task was cancelled.
    package static let cancelled = TorBoxErrorCode(name: .cancelled)
    /// The caller's own deadline came first: no free slot, or too little time left for an answer.
    package static let outOfTime = TorBoxErrorCode(name: .outOfTime)

    package var description: String { name.rawValue }
}
