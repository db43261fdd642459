import CSystemd
import Dispatch
import Glibc

/// Tells systemd how we are. Without systemd, or under `Type=exec`, nobody listens and nothing is sent.
package struct SystemdNotifier: Sendable {
    package enum Message: Sendable, Equatable {
        case ready
        case stopping
        /// One line for `systemctl status`.
        case status(String)
        case watchdog
        /// Starting or stopping goes on and may take this long from now, whatever the unit's limits say.
        case extendTimeout(Duration)

        var text: String {
            switch self {
            case .ready: "READY=1"
            case .stopping: "STOPPING=1"
            case .status(let text): "STATUS=" + text.replacing("\n", with: " ")
            case .watchdog: "WATCHDOG=1"
            case .extendTimeout(let duration): "EXTEND_TIMEOUT_USEC=\(duration.milliseconds * 1_000)"
            }
        }
    }

    /// For those who have nobody to tell.
    package static let silent = SystemdNotifier { _ in }

    private let sink: @Sendable (String) -> Void

    /// `sink` gets the messages of one call together, in systemd's notation.
    init(_ sink: @escaping @Sendable (String) -> Void) { self.sink = sink }

    /// Speaks to the socket that systemd named in `NOTIFY_SOCKET`.
    package static func environment() -> SystemdNotifier {
        guard let path = getenv("NOTIFY_SOCKET"), path.pointee != 0 else { return .silent }
        // A queue of its own keeps the order and keeps a slow systemd from blocking anybody.
        let queue = DispatchQueue(label: "systemd-notifier")
        // What cannot be delivered shows as what systemd does about it; there is nobody else to tell.
        return SystemdNotifier { text in queue.async { _ = sd_notify(0, text) } }
    }

    /// How often systemd wants to hear ``Message/watchdog`` at the least; nil when it does not.
    package static func watchdogLimit() -> Duration? {
        var microseconds: UInt64 = 0
        guard sd_watchdog_enabled(0, &microseconds) > 0 else { return nil }
        return .microseconds(Int64(clamping: microseconds))
    }

    package func send(_ messages: Message...) { send(messages) }

    package func send(_ messages: [Message]) { sink(messages.map(\.text).joined(separator: "\n")) }
}
