import Foundation
import Glibc
import Logging
import Synchronization

/// Accepts connections on a listening socket that another process may be accepting on at the same time, as
/// happens while a gateway is replaced.
///
/// Our own, because NIO's server channel takes it for a bug (and, built for debugging, traps) when another process
/// was quicker; and because this one stops on demand without closing anything.
final class ConnectionAcceptor: Sendable {
    /// Between two looks when the bound is reached or no descriptor is left, in milliseconds.
    private static let pauseMilliseconds: Int32 = 20

    /// Accepted sockets, each the consumer's to close. Ends after ``stop()``.
    let sockets: AsyncStream<Int32>

    private let accepted: AsyncStream<Int32>.Continuation
    private let listener: Int32
    private let wakeReader: Int32
    private let wakeWriter: Int32
    private let maximumConnections: Int
    private let open = Atomic<Int>(0)
    private let isStopped = Atomic<Bool>(false)
    private let logger: Logger

    /// The listening descriptor belongs to the acceptor once this has not thrown.
    init(listener: Int32, maximumConnections: Int, logger: Logger) throws {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
        (wakeReader, wakeWriter) = (ends[0], ends[1])
        self.listener = listener
        self.maximumConnections = maximumConnections
        self.logger = logger
        // Unbounded only in name: the bound on connections counts those that wait here.
        (sockets, accepted) = AsyncStream.makeStream(bufferingPolicy: .unbounded)
        let flags = fcntl(listener, F_GETFL)
        guard flags != -1, fcntl(listener, F_SETFL, flags | O_NONBLOCK) != -1 else {
            throw POSIXError(.init(rawValue: errno) ?? .EBADF)
        }
    }

    deinit {
        close(wakeReader)
        close(wakeWriter)
    }

    /// Begins to accept, on a thread of its own: waiting must block nobody else's. Call once.
    func start() {
        let thread = Thread { self.run() }
        thread.name = "acceptor"
        thread.start()
    }

    /// Stops accepting; what waits in the socket's queue stays there for others. Any number of calls.
    func stop() {
        guard !isStopped.exchange(true, ordering: .relaxed) else { return }
        // One byte into an empty pipe never fails.
        _ = write(wakeWriter, "x", 1)
    }

    /// Connections that were accepted and have not ended, whether anybody has looked at them or not.
    var connectionCount: Int { open.load(ordering: .relaxed) }

    /// Makes room for another connection.
    func connectionEnded() { open.wrappingSubtract(1, ordering: .relaxed) }

    private func run() {
        var isShort = false
        while !isStopped.load(ordering: .relaxed) {
            guard open.load(ordering: .relaxed) < maximumConnections else {
                wait(listening: false)
                continue
            }
            wait(listening: true)
            guard !isStopped.load(ordering: .relaxed) else { break }
            isShort = acceptAll(wasShort: isShort)
            if isShort { wait(listening: false) }
        }
        close(listener)
        accepted.finish()
    }

    /// Until a connection may be there, ``stop()`` is called, or, when not `listening`, a moment has passed.
    private func wait(listening: Bool) {
        var events = [pollfd(fd: wakeReader, events: Int16(POLLIN), revents: 0)]
        if listening { events.append(pollfd(fd: listener, events: Int16(POLLIN), revents: 0)) }
        poll(&events, nfds_t(events.count), listening ? -1 : Self.pauseMilliseconds)
    }

    /// Takes what there is. True when the process or the system has run out of something.
    private func acceptAll(wasShort: Bool) -> Bool {
        while open.load(ordering: .relaxed) < maximumConnections, !isStopped.load(ordering: .relaxed) {
            let socket = accept(listener, nil, nil)
            if socket >= 0 {
                hand(over: socket)
            } else if [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(errno) {
                if !wasShort { logger.warning("cannot accept", metadata: ["errno": "\(errno)"]) }
                return true
            } else if errno == EAGAIN || errno == EWOULDBLOCK {
                return false
            }
            // Anything else concerns that one connection, which its client has given up.
        }
        return false
    }

    private func hand(over socket: Int32) {
        _ = fcntl(socket, F_SETFD, FD_CLOEXEC)
        var on: Int32 = 1
        // Answers are written whole; waiting for more to send would only delay them.
        setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        open.wrappingAdd(1, ordering: .relaxed)
        accepted.yield(socket)
    }
}
