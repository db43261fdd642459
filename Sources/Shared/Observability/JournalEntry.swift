import Logging

/// A ``LogLine`` as systemd's journal keeps it. Pure.
///
/// `MESSAGE` is the whole readable line, so that plain `journalctl` shows everything; each field is there once more by
/// itself (`user.id` as `TORBOX_USER_ID`), so that `journalctl TORBOX_USER_ID=…` finds all lines of a user.
struct JournalEntry: Sendable, Equatable {
    /// `NAME=value` each, in the journal's notation.
    var fields: [String]

    init(_ line: LogLine) {
        fields = [
            "MESSAGE=\(line.readable)", "PRIORITY=\(Self.priority(line.level))",
            "SYSLOG_IDENTIFIER=\(line.label.replacing(" ", with: "-"))", "TORBOX_PROCESS=\(line.label)",
        ]
        for field in line.fields { fields.append("\(Self.name(field.key))=\(field.value)") }
        if let user = line.fields.first(where: { $0.key == LogKey.userID }),
            !line.fields.contains(where: { $0.key == LogKey.slot })
        {
            // A user's slot is the first byte of the id.
            fields.append("\(Self.name(LogKey.slot))=\(user.value.prefix(2))")
        }
    }

    /// Syslog's numbers, which `journalctl -p` goes by.
    static func priority(_ level: Logger.Level) -> Int {
        switch level {
        case .critical: 2
        case .error: 3
        case .warning: 4
        case .notice: 5
        case .info: 6
        case .debug, .trace: 7
        }
    }

    /// The journal takes capitals, digits and underscores, at most 64 of them.
    static func name(_ key: String) -> String {
        let letters = key.uppercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" }
        return String(("TORBOX_" + String(letters)).prefix(64))
    }
}
