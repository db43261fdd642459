import NIOHTTP1
package import ServiceSupport

/// How long and how many: the bounds that keep slow or idle clients from disturbing the others.
package struct ConnectionLimits: Sendable, Equatable {
    /// A kept-alive connection without a request.
    package var idleTimeout: Duration = .seconds(75)
    /// From the first byte of a request head to its last.
    package var headTimeout: Duration = .seconds(10)
    /// For a whole request body, prolonged by a second for each ``bodyBytesPerSecond`` that have come; also the
    /// longest time that a client may take no byte of an answer.
    package var bodyTimeout: Duration = .seconds(30)
    /// Open connections at a time; further ones wait in the listening socket's queue.
    package var maximumConnections = 4_096
    /// How long a refused body is still read and dropped, so that the refusal reaches the client.
    package var lingerTimeout: Duration = .seconds(5)
    /// Between stopping to accept and closing idle connections. Source: measured, see the notes on draining.
    package var drainPause: Duration = .milliseconds(300)
    /// How long a gateway that another has relieved leaves kept-alive connections to their clients: a client may be
    /// about to send on one that looks idle from here, and each ends by itself with the next answer.
    package var retirementPatience: Duration = .seconds(15)
    /// How long draining waits for requests under way, ``retirementPatience`` included. The supervisor allows 25 s for
    /// everything.
    package var drainTimeout: Duration = .seconds(20)

    /// A body that comes faster than this is never cut off: 10 MiB may take 190 s.
    package static let bodyBytesPerSecond = 64 * 1024
    /// Bytes of a request body. Source: REST contract, section 0.3.
    package static let maximumBodyBytes = 10 * 1024 * 1024
    /// Bytes of a body over that bound that are read and thrown away before the 413, so that clients which send
    /// before they read get to see it. Above this the connection is closed at once.
    package static let maximumDiscardedBytes = 64 * 1024 * 1024
    /// Bytes of path and query, so that parameters always fit a wire header.
    package static let maximumTargetBytes = 16 * 1024
    /// Bytes of all request header fields, twice what stock's server allowed.
    package static let maximumHeaderBytes = 32 * 1024

    /// What the parser takes of a request's head.
    static var ofHeads: NIOHTTPDecoderLimitConfiguration {
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = maximumHeaderBytes
        limits.maxHeaderListSize = maximumHeaderBytes
        limits.maxHeaderFieldCount = 200
        return limits
    }

    /// For the page of metrics: one or two readers every few seconds.
    static var metrics: ConnectionLimits {
        var limits = ConnectionLimits()
        limits.maximumConnections = 16
        return limits
    }

    package init() {}

    package init(reading settings: SettingsReader) {
        idleTimeout = settings.milliseconds("HTTP_IDLE_TIMEOUT_MS", default: 75_000, in: 1_000...3_600_000)
        headTimeout = settings.milliseconds("HTTP_HEADER_TIMEOUT_MS", default: 10_000, in: 100...3_600_000)
        bodyTimeout = settings.milliseconds("HTTP_BODY_TIMEOUT_MS", default: 30_000, in: 100...3_600_000)
        maximumConnections = settings.integer("MAX_CONNECTIONS", default: 4_096, in: 1...1_000_000)
    }
}
