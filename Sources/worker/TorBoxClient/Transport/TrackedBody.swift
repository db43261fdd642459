import NIOCore
import Synchronization

/// A request body that remembers whether it was ever asked for.
///
/// The HTTP client asks for it only after it has a connection and has written the head. So as long as nobody asked, no
/// complete request can have reached TorBox, whatever went wrong; once somebody did, nothing is certain.
final class TrackedBody: AsyncSequence, Sendable {
    typealias Element = ByteBuffer

    struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let body: TrackedBody
        fileprivate var isDone = false

        mutating func next() async -> ByteBuffer? {
            guard !isDone else { return nil }
            isDone = true
            body.asked.store(true, ordering: .sequentiallyConsistent)
            return body.bytes
        }
    }

    private let bytes: ByteBuffer
    private let asked = Atomic(false)

    init(_ bytes: ByteBuffer) { self.bytes = bytes }

    var count: Int { bytes.readableBytes }
    var wasAskedFor: Bool { asked.load(ordering: .sequentiallyConsistent) }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(body: self) }
}
