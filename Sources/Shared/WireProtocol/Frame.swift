package import NIOCore

/// One message: a small header and a body that is passed through untouched.
package struct Frame: Sendable, Equatable {
    package var header: FrameHeader
    package var body: ByteBuffer

    package init(header: FrameHeader, body: ByteBuffer = ByteBuffer()) {
        self.header = header
        self.body = body
    }
}
