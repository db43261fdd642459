package import Hummingbird
import Logging
import NIOCore
import Observability
import ServiceSupport

/// What travels with one HTTP request through middleware and routes.
package struct GatewayContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// The other end of the connection; nil in tests without a socket.
    let peer: SocketAddress?
    /// Eight hex digits, in the answer's `X-Correlation-Id`, in our log and in the worker's.
    var correlationID = ""
    /// When the client has waited long enough.
    var deadline = Deadline.after(.seconds(120))

    package init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        peer = source.channel.remoteAddress
    }

    /// Says in each line which request it is about. Made when something is logged, which is seldom.
    var requestLogger: Logger {
        var logger = logger
        logger[metadataKey: LogKey.requestID] = "\(correlationID)"
        return logger
    }
}
