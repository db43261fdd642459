package import DomainModel
package import NIOCore

/// What the gateway asks of a worker.
package struct Request: Sendable {
    /// `rules.replace`; the worker's router maps it to a handler.
    package var operation: String
    /// Whom it is for; nil for operations over all users of a worker.
    package var user: UserID?
    /// Of the slot map that the asker goes by; a worker that does not own the slot answers `moved`.
    package var epoch: UInt64
    /// What is left of the HTTP client's time.
    package var timeout: Duration
    package var correlationID: String
    /// Path and query parameters as received.
    package var parameters: [String: String]
    /// Only on operations that register a key.
    package var credential: APIKey?
    /// The HTTP body, untouched.
    package var body: ByteBuffer

    /// The name of the parameter that says which key's id the asker was moved from. No query can set it.
    package static let movedFromParameter = "moved-from"

    package init(
        operation: String, user: UserID? = nil, epoch: UInt64 = 0, timeout: Duration, correlationID: String = "",
        parameters: [String: String] = [:], credential: APIKey? = nil, body: ByteBuffer = ByteBuffer()
    ) {
        self.operation = operation
        self.user = user
        self.epoch = epoch
        self.timeout = timeout
        self.correlationID = correlationID
        self.parameters = parameters
        self.credential = credential
        self.body = body
    }
}

extension Request {
    /// The frame that carries this request under that number.
    package func frame(number: UInt64) -> Frame {
        var header = FrameHeader(kind: .request, number: number)
        header.operation = operation
        header.user = user
        header.epoch = epoch
        header.deadlineMilliseconds = max(0, timeout.wholeMilliseconds)
        header.correlationID = correlationID
        header.parameters = parameters.isEmpty ? nil : parameters
        header.credential = credential?.revealed
        return Frame(header: header, body: body)
    }

    /// Nil when the frame is no request or names no operation.
    package init?(_ frame: Frame) {
        guard frame.header.kind == .request, let operation = frame.header.operation else { return nil }
        self.init(
            operation: operation, user: frame.header.user, epoch: frame.header.epoch ?? 0,
            timeout: .milliseconds(max(0, frame.header.deadlineMilliseconds ?? 0)),
            correlationID: frame.header.correlationID ?? "", parameters: frame.header.parameters ?? [:],
            credential: frame.header.credential.map(APIKey.init), body: frame.body)
    }
}

extension Duration {
    /// Rounded towards zero, saturating.
    package var wholeMilliseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000)
        let (sum, carry) = product.addingReportingOverflow(attoseconds / 1_000_000_000_000_000)
        guard !overflow, !carry else { return seconds < 0 ? .min : .max }
        return sum
    }
}
