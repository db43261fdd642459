import CZlib
import NIOCore

/// Answers in gzip, for clients that say they take it.
enum ContentCoding {
    /// Smaller bodies fit a packet as they are. Source: REST contract, 0.5.
    static let smallestBytes = 1_024
    /// Larger ones, of which there are few, would hold a thread for too long: 1 MiB takes about 15 ms.
    static let largestBytes = 1_024 * 1_024
    /// zlib's 1 to 9. JSON gets hardly smaller above, and takes much longer.
    private static let level: Int32 = 4

    static func suits(_ body: ByteBuffer) -> Bool { (smallestBytes...largestBytes).contains(body.readableBytes) }

    /// Whether an `Accept-Encoding` takes gzip: named, or by `*`, and not with a weight of zero. Source: RFC 9110, 12.5.3.
    static func takesGzip(_ header: String) -> Bool {
        var byAny = false
        for element in header.split(separator: ",") {
            let parts = element.split(separator: ";").map { String($0).trimmed.lowercased() }
            guard let name = parts.first else { continue }
            let isTaken = !parts.dropFirst().contains { $0.hasPrefix("q=") && Double($0.dropFirst(2)) ?? 0 == 0 }
            switch name {
            case "gzip", "x-gzip": return isTaken
            case "*": byAny = isTaken
            default: continue
            }
        }
        return byAny
    }

    /// Nil when zlib has no memory, or when it would not get smaller.
    static func gzip(_ body: ByteBuffer) -> ByteBuffer? {
        var stream = z_stream()
        // 15 is the largest window, and 16 on top asks for gzip's frame.
        let isReady = deflateInit2_(
            &stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        guard isReady == Z_OK else { return nil }
        defer { deflateEnd(&stream) }
        var result = ByteBufferAllocator().buffer(capacity: body.readableBytes)
        let status = body.withUnsafeReadableBytes { input in
            result.writeWithUnsafeMutableBytes(minimumWritableBytes: body.readableBytes) { output in
                // zlib's interface does not say that it only reads its input.
                stream.next_in = UnsafeMutablePointer(mutating: input.bindMemory(to: UInt8.self).baseAddress)
                stream.avail_in = UInt32(input.count)
                stream.next_out = output.bindMemory(to: UInt8.self).baseAddress
                stream.avail_out = UInt32(body.readableBytes)
                let status = deflate(&stream, Z_FINISH)
                return status == Z_STREAM_END ? Int(stream.total_out) : 0
            }
        }
        return status > 0 ? result : nil
    }
}
