import Glibc
import Logging

/// Colour for people at a terminal, by the customary escape sequences.
enum TerminalColour {
    static let end = "\u{1B}[0m"
    static let faint = "\u{1B}[2m"

    static func start(_ level: Logger.Level) -> String {
        switch level {
        case .trace, .debug: faint
        case .info: "\u{1B}[32m"
        case .notice: "\u{1B}[1;36m"
        case .warning: "\u{1B}[33m"
        case .error, .critical: "\u{1B}[1;31m"
        }
    }

    /// Whether standard error is a terminal that shows colours, and nobody asked for none (`NO_COLOR`).
    static let isWanted: Bool = {
        guard isatty(STDERR_FILENO) == 1 else { return false }
        let terminal = getenv("TERM").map { String(cString: $0) }
        return getenv("NO_COLOR") == nil && terminal != nil && terminal != "dumb"
    }()
}
