import Dispatch
import Glibc
import Synchronization

/// Turns the signals of an operator into requests: TERM and the first INT drain, the second INT kills. HUP replaces
/// all children.
package final class SignalListener: Sendable {
    private let requests: StopRequests
    private let onHangUp: @Sendable () -> Void
    private let interrupts = Mutex(0)

    package init(_ requests: StopRequests, onHangUp: @escaping @Sendable () -> Void) {
        self.requests = requests
        self.onHangUp = onHangUp
    }

    /// Takes over the signals for the whole process, for good. Call it once, before any child is started.
    package func listen() {
        // A child's status is lost when SIGCHLD is ignored, which a careless parent may have passed on.
        signal(SIGCHLD, SIG_DFL)
        // A log reader that went away must not take the supervisor with it.
        signal(SIGPIPE, SIG_IGN)
        on(SIGTERM) { $0.requests.request(.drain) }
        on(SIGINT) { $0.interrupted() }
        on(SIGHUP) { $0.onHangUp() }
    }

    private func interrupted() {
        let count = interrupts.withLock { count in
            count += 1
            return count
        }
        requests.request(count == 1 ? .drain : .kill)
    }

    private func on(_ number: Int32, _ handle: @escaping @Sendable (SignalListener) -> Void) {
        // Dispatch only watches; the default action has to be switched off separately.
        signal(number, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
        // Both hold each other from here on, which keeps them for as long as the process lives.
        source.setEventHandler { withExtendedLifetime(source) { handle(self) } }
        source.activate()
    }
}
