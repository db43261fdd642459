package import Logging

/// Sets up logging once for a process.
package enum LoggingBootstrap {
    /// Call first thing in `main`, once.
    ///
    /// Every logger then writes to standard error, or with ``LogFormat/auto`` into the journal behind it. Repeated
    /// failures are folded.
    package static func bootstrap(level: Logger.Level, format: LogFormat) {
        let folding = RepeatFolding()
        let write = writer(format)
        LoggingSystem.bootstrap { label in
            LineLogHandler(label: label, level: level, folding: folding, write: write)
        }
    }

    private static func writer(_ format: LogFormat) -> @Sendable (LogLine) -> Void {
        let isColoured = format == .auto && TerminalColour.isWanted
        let plain: @Sendable (LogLine) -> Void = { line in
            LineOutput.standardError.write(format.line(line, at: .wallClock, coloured: isColoured))
        }
        guard format == .auto, Journal.isStandardError else { return plain }
        // A journal that is being restarted takes nothing; standard error is kept open for us by systemd.
        return { line in if !Journal.send(JournalEntry(line)) { plain(line) } }
    }
}
