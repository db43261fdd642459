package import NIOCore

/// Holds the iterator that the outer stream's closure draws from, one reader at a time.
package actor PartReader {
    private var iterator: AsyncThrowingStream<ByteBuffer, any Error>.AsyncIterator?

    package init(_ parts: AsyncThrowingStream<ByteBuffer, any Error>) { iterator = parts.makeAsyncIterator() }

    package func next() async throws -> ByteBuffer? {
        guard var taken = iterator else { return nil }
        iterator = nil
        let part = try await taken.next(isolation: self)
        iterator = taken
        return part
    }
}
