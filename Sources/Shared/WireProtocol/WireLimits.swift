/// Bounds that keep one bad peer from taking more than its share of memory.
package enum WireLimits {
    /// Bytes of header JSON. Source: architecture section 3.
    package static let maximumHeaderBytes = 64 * 1024
    /// Bytes of body. Source: architecture section 3 (REST bodies end at 10 MiB, backups are streamed).
    package static let maximumBodyBytes = 16 * 1024 * 1024
    /// Requests under way on one connection; one more is answered 503 at once. Chosen so that a connection's
    /// worst case (every request waiting on a poll) stays under a few MiB of bookkeeping.
    package static let maximumInFlight = 1024
    /// Messages of one stream that may be sent before the receiver has said it can take more.
    package static let initialStreamCredit = 8
}
