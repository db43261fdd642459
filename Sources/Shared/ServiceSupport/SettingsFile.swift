import Foundation

/// A file of settings, one `KEY=VALUE` a line, as systemd's `EnvironmentFile=` takes them.
///
/// ```
/// # a comment
/// PORT=3001
/// ENCRYPTION_SALT="with spaces"
/// ```
/// Our own reader, because the library's drops the numbers of the lines and passes over what it does not understand.
package struct SettingsFile: Sendable, Equatable {
    package struct Entry: Sendable, Equatable {
        package var key: String
        package var value: String
        /// From 1.
        package var line: Int
    }

    package let path: String
    package private(set) var entries: [Entry] = []
    /// Lines that are no setting, and settings that are there twice.
    package private(set) var problems: [ConfigurationProblem] = []

    /// Reads the file. One that cannot be read is a problem of `SETTINGS_FILE`.
    package static func read(_ path: String) -> SettingsFile {
        guard let bytes = FileManager.default.contents(atPath: path) else {
            var file = SettingsFile(path: path, text: "")
            file.problems = [
                ConfigurationProblem(
                    key: "SETTINGS_FILE", message: "is \(path), which cannot be read; create it, or name another")
            ]
            return file
        }
        return SettingsFile(path: path, text: String(decoding: bytes, as: UTF8.self))
    }

    package init(path: String, text: String) {
        self.path = path
        // By any line break: "\r\n" is one character.
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (index, line) in lines.enumerated() {
            read(line.trimmingCharacters(in: .whitespaces.union(.newlines)), number: index + 1)
        }
    }

    package subscript(key: String) -> Entry? { entries.first { $0.key == key } }

    private mutating func read(_ line: String, number: Int) {
        guard !line.isEmpty, !line.hasPrefix("#"), !line.hasPrefix(";") else { return }
        guard let equals = line.firstIndex(of: "=") else {
            return report("has line \(number) without \"=\"; give KEY=VALUE, or # for a comment")
        }
        let key = line[..<equals].trimmingCharacters(in: .whitespaces)
        guard Self.isKey(key) else {
            return report("has \"\(key)\" in line \(number), which is no name of a setting")
        }
        if let earlier = self[key] {
            return report("has \(key) twice, in lines \(earlier.line) and \(number); remove one")
        }
        guard let value = Self.unquoted(line[line.index(after: equals)...].trimmingCharacters(in: .whitespaces)) else {
            return report("has a quote in line \(number) that is not closed")
        }
        entries.append(Entry(key: key, value: value, line: number))
    }

    private mutating func report(_ message: String) {
        problems.append(ConfigurationProblem(key: path, message: message))
    }

    private static func isKey(_ text: String) -> Bool {
        text.first.map { $0.isLetter || $0 == "_" } == true
            && text.utf8.allSatisfy { byte in
                (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) || byte == UInt8(ascii: "_")
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            }
    }

    /// Without the quotes around it; nil when the closing one is missing.
    private static func unquoted(_ text: String) -> String? {
        guard let quote = text.first, quote == "\"" || quote == "'" else { return text }
        guard text.count >= 2, text.last == quote else { return nil }
        return String(text.dropFirst().dropLast())
    }
}
