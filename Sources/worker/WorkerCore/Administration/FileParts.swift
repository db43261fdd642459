import Glibc
import NIOCore
import Storage

/// A file's bytes in parts, read as they are wanted; at most one part is in memory.
final class FileParts: Sendable {
    static let partBytes = 64 * 1_024

    private let descriptor: Int32

    /// Throws when the file cannot be opened.
    init(path: String) throws {
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw StorageError(.cannotOpen, "cannot read a backup: \(String(cString: strerror(errno)))")
        }
    }

    // The stream owns this, so it goes when the reader has left.
    deinit { close(descriptor) }

    func stream() -> AsyncThrowingStream<ByteBuffer, any Error> {
        AsyncThrowingStream { try await Blocking.run { try self.next() } }
    }

    private func next() throws -> ByteBuffer? {
        var buffer = ByteBufferAllocator().buffer(capacity: Self.partBytes)
        let count = buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: Self.partBytes) { bytes in
            max(0, read(descriptor, bytes.baseAddress, Self.partBytes))
        }
        return count > 0 ? buffer : nil
    }
}
