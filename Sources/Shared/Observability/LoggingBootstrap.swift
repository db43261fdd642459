package import Logging

/// Sets up logging once for a process.
package enum LoggingBootstrap {
    /// Call first thing in `main`, once. Every logger then writes to standard error.
    package static func bootstrap(level: Logger.Level, format: LineLogHandler.Format) {
        LoggingSystem.bootstrap { label in LineLogHandler(label: label, level: level, format: format) }
    }
}
