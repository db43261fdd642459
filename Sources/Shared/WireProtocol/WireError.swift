/// What can go wrong between two processes, apart from an answer that says no.
package struct WireError: Error, Sendable, Equatable, CustomStringConvertible {
    package struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Value: String {
            case
                headerTooLong, bodyTooLong, unsupportedVersion, malformedHeader, unexpectedFrame, connectionClosed,
                unreachable, deadlineExceeded, overloaded, foreignPeer, socketPathTooLong, cannotListen,
                streamBroken
        }
        private let value: Value
        package var description: String { value.rawValue }

        /// The peer announced more header than ``WireLimits/maximumHeaderBytes``; the connection is closed.
        package static let headerTooLong = Code(value: .headerTooLong)
        /// The peer announced more body than ``WireLimits/maximumBodyBytes``; the connection is closed.
        package static let bodyTooLong = Code(value: .bodyTooLong)
        /// The header's version is none of ``ProtocolVersion/accepted``; the connection is closed.
        package static let unsupportedVersion = Code(value: .unsupportedVersion)
        /// The header is no JSON object of the expected shape; the connection is closed.
        package static let malformedHeader = Code(value: .malformedHeader)
        /// A frame of a kind that this side never receives; the connection is closed.
        package static let unexpectedFrame = Code(value: .unexpectedFrame)
        /// The connection ended before the answer; whether the request was carried out is unknown.
        package static let connectionClosed = Code(value: .connectionClosed)
        /// No connection could be made; the request certainly was not carried out.
        package static let unreachable = Code(value: .unreachable)
        /// No answer within the caller's deadline; the peer has been told to stop.
        package static let deadlineExceeded = Code(value: .deadlineExceeded)
        /// More requests under way than the bound; nothing was sent.
        package static let overloaded = Code(value: .overloaded)
        /// The process at the other end runs as another user.
        package static let foreignPeer = Code(value: .foreignPeer)
        /// A Unix socket's path may have at most ``UnixSocket/maximumPathBytes``.
        package static let socketPathTooLong = Code(value: .socketPathTooLong)
        /// No socket could be made at the path.
        package static let cannotListen = Code(value: .cannotListen)
        /// A streamed answer ended before its end; what came before it is good.
        package static let streamBroken = Code(value: .streamBroken)
    }

    package var code: Code
    /// What failed and why, with the values.
    package var message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { "\(code): \(message)" }
}
