package import DomainModel

/// The JSON in front of every body. Names are short because every request pays for them.
///
/// ```
/// {"v":1,"n":7,"k":"request","op":"rules.list","user":"d16f…","epoch":3,"ms":9800,"id":"4f2a01bc"}
/// {"v":1,"n":7,"k":"answer","status":200,"type":"application/json","epoch":3}
/// ```
package struct FrameHeader: Sendable, Equatable {
    package enum Kind: String, Sendable {
        /// Asks for an operation; answered by one `answer` (or several `part`s and a last `answer`).
        case request
        /// Ends what the request of the same number asked for.
        case answer
        /// One message of a streamed answer; more follow.
        case part
        /// The asker no longer wants the answer of that number.
        case cancel
        /// The asker can take that many more parts.
        case credit
        /// A message of the control channel between supervisor and child.
        case control
    }

    /// The largest `number` and `epoch` that are read: JSON's whole numbers of 64 bits with a sign.
    package static let largestNumber = UInt64(Int64.max)

    package var version: Int
    /// Chosen by the asker, unique among its requests under way on this connection. 0 on control messages.
    package var number: UInt64
    package var kind: Kind
    /// `rules.list`, or the name of a control message.
    package var operation: String?
    package var user: UserID?
    /// Of the slot map that the sender goes by.
    package var epoch: UInt64?
    /// Milliseconds that are left for the answer.
    package var deadlineMilliseconds: Int64?
    /// The correlation id that the HTTP client sees.
    package var correlationID: String?
    /// Path and query parameters, as texts, unchecked.
    package var parameters: [String: String]?
    /// The caller's API key, only on operations that register it.
    package var credential: String?
    /// HTTP-like.
    package var status: Int?
    /// A stable error code, `moved` among them.
    package var code: String?
    package var contentType: String?
    /// What tells the body from others, see `EntityTags`.
    package var entityTag: String?
    /// The name under which a client is to save the body.
    package var fileName: String?
    package var retryAfterSeconds: Int?
    /// Further messages that the receiver of a stream can take.
    package var credit: Int?

    package init(kind: Kind, number: UInt64) {
        version = ProtocolVersion.current
        self.kind = kind
        self.number = number
    }
}

extension FrameHeader: CustomStringConvertible {
    /// What tells frames apart, without ids, parameters and keys.
    package var description: String {
        let words = [kind.rawValue, "\(number)", operation, status.map { "\($0)" }, code]
        return words.compactMap(\.self).joined(separator: " ")
    }
}
