package import Logging
package import Observability

/// `LOG_LEVEL` and `LOG_FORMAT`, which every process reads the same way.
package enum LogSettings {
    /// `LOG_LEVEL`: trace, debug, info, notice, warning, error or critical; also stock's `warn`. Default info.
    package static func level(_ reader: SettingsReader) -> Logger.Level {
        let text = reader.string("LOG_LEVEL", default: "info").lowercased()
        if text == "warn" { return .warning }
        guard let level = Logger.Level(rawValue: text) else {
            let words = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
            reader.report("LOG_LEVEL", "is \"\(text)\"; give one of \(words)")
            return .info
        }
        return level
    }

    /// `LOG_FORMAT`: auto, text or json. Default auto.
    package static func format(_ reader: SettingsReader) -> LogFormat {
        reader.choice("LOG_FORMAT", default: .auto)
    }
}
