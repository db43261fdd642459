/// Why a call to TorBox gave no usable result. Carries no key, no query and no body.
package struct TorBoxError: Error, Sendable, Equatable {
    package var code: TorBoxErrorCode
    /// What failed and why, for a log line.
    package var message: String
    /// The HTTP status, when there was an answer.
    package var status: Int?
    /// TorBox's own `error` text, such as `BAD_TOKEN`, when the answer named one.
    package var torboxCode: String?
    /// TorBox's `detail`, cut to 300 characters. For people: never decide by it.
    package var detail: String?
    /// How long to stay away, for ``TorBoxErrorCode/rateLimited``.
    package var retryAfter: Duration?
    /// What was lacking, for ``TorBoxErrorCode/incomplete``.
    package var incompleteness: Incompleteness?

    package init(
        _ code: TorBoxErrorCode, _ message: String, status: Int? = nil, torboxCode: String? = nil,
        detail: String? = nil, retryAfter: Duration? = nil, incompleteness: Incompleteness? = nil
    ) {
        self.code = code
        self.message = message
        self.status = status
        self.torboxCode = torboxCode
        self.detail = detail
        self.retryAfter = retryAfter
        self.incompleteness = incompleteness
    }

    /// Whether the same read may succeed when sent again shortly. Says nothing about calls that change things.
    package var isRetryable: Bool {
        [.connection, .timeout, .outage, .rateLimited, .malformed, .outOfTime].contains(code)
    }

    /// Whether this is evidence that TorBox as a whole is unreachable. Trouble with one key, one plan or one limit
    /// never is.
    package var countsAsOutage: Bool {
        [.connection, .timeout, .outage].contains(code)
    }
}

extension TorBoxError: CustomStringConvertible {
    package var description: String {
        var text = "\(code): \(message)"
        if let status { text += " (HTTP \(status)" + (torboxCode.map { ", \($0))" } ?? ")") }
        if let detail { text += ": \(detail)" }
        return text
    }
}

extension TorBoxError {
    static let cancelled = TorBoxError(.cancelled, "the calling task was cancelled")

    static func outOfTime(_ message: String) -> TorBoxError { TorBoxError(.outOfTime, message) }

    static func rateLimited(_ message: String, retryAfter: Duration) -> TorBoxError {
        TorBoxError(.rateLimited, message, retryAfter: retryAfter)
    }

    static func incomplete(_ what: Incompleteness, _ message: String, status: Int? = nil) -> TorBoxError {
        TorBoxError(.incomplete, message, status: status, incompleteness: what)
    }

    static let paused = TorBoxError(.outage, "calls are paused because TorBox does not answer")
}
