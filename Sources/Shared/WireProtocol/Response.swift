package import DomainModel
package import NIOCore

/// What a worker answers: an HTTP status and a body that the gateway passes on as it is.
package struct Response: Sendable {
    package enum Body: Sendable {
        case bytes(ByteBuffer)
        /// Sent part by part as the receiver takes it. Ending with an error ends the stream early.
        case stream(AsyncThrowingStream<ByteBuffer, any Error>)
    }

    package var status: Int
    /// A stable error code; `moved` means: the slot is not ours, the epoch says as of when; or the user is another.
    package var code: String?
    package var contentType: String
    /// What tells the body from others, when it is known already.
    package var entityTag: String?
    /// The name under which the client is to save the body; nil when it is no download.
    package var fileName: String?
    package var retryAfterSeconds: Int?
    /// Of the slot map that the worker goes by.
    package var epoch: UInt64?
    /// With `moved`: who is to be asked instead, because the key is a later one of that user.
    package var movedTo: UserID?
    package var body: Body

    package init(
        status: Int, code: String? = nil, contentType: String = "application/json; charset=utf-8",
        fileName: String? = nil, retryAfterSeconds: Int? = nil, epoch: UInt64? = nil, movedTo: UserID? = nil,
        body: Body = .bytes(ByteBuffer())
    ) {
        self.status = status
        self.code = code
        self.contentType = contentType
        self.fileName = fileName
        self.retryAfterSeconds = retryAfterSeconds
        self.epoch = epoch
        self.movedTo = movedTo
        self.body = body
    }

    /// The code of an answer about a slot that the worker does not own.
    package static let movedCode = "moved"

    /// The code of the frame that ends a streamed answer before its end.
    static let streamBrokenCode = "streamBroken"

    package var isMoved: Bool { code == Self.movedCode }
}

extension Response {
    /// The header of the answer's last (or only) frame.
    package func header(number: UInt64, kind: FrameHeader.Kind = .answer) -> FrameHeader {
        var header = FrameHeader(kind: kind, number: number)
        header.status = status
        header.code = code
        header.contentType = contentType
        header.entityTag = entityTag
        header.fileName = fileName
        header.retryAfterSeconds = retryAfterSeconds
        header.epoch = epoch
        header.user = movedTo
        return header
    }

    /// The answer that a frame carries; a missing status counts as 500.
    package init(header: FrameHeader, body: Body) {
        self.init(
            status: header.status ?? 500, code: header.code,
            contentType: header.contentType ?? "application/json; charset=utf-8", fileName: header.fileName,
            retryAfterSeconds: header.retryAfterSeconds, epoch: header.epoch, movedTo: header.user, body: body)
        entityTag = header.entityTag
    }
}
