import AsyncHTTPClient
import NIOCore
import Synchronization

/// A request body that remembers whether it was ever asked for.
///
/// The HTTP client asks for it only after it has a connection and has written the head, and never once the request has
/// ended. So as long as nobody asked, no complete request can have reached TorBox, whatever went wrong; once somebody did,
/// nothing is certain.
final class TrackedBody: Sendable {
    private let bytes: ByteBuffer
    private let asked = Atomic(false)

    init(_ bytes: ByteBuffer) { self.bytes = bytes }

    var wasAskedFor: Bool { asked.load(ordering: .sequentiallyConsistent) }

    /// For the HTTP client.
    var stream: HTTPClient.Body {
        .stream(contentLength: Int64(bytes.readableBytes)) { writer in
            self.asked.store(true, ordering: .sequentiallyConsistent)
            return writer.write(.byteBuffer(self.bytes))
        }
    }
}
