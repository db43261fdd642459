package import Configuration
import Foundation

/// Reads settings and collects every problem instead of stopping at the first, and tells missing from
/// malformed (the library's own default readers take a malformed value for a missing one).
///
/// Names are environment variables as README's table has them; values come from whatever providers the
/// `ConfigReader` was made of. An empty value counts as not set.
package final class SettingsReader {
    /// One effective setting, for the log line at start and for `check-config`.
    package struct Effective: Sendable, Equatable {
        package var key: String
        /// Secrets read `<redacted>`.
        package var value: String
        package var isDefault: Bool

        /// For `check-config --list`: key, whether it is the default, and value, separated by tabs. A value with a line
        /// break in it is cut there.
        package var line: String {
            "\(key)\t\(isDefault ? "default" : "given")\t\(value.prefix { !$0.isNewline })"
        }

        package init(key: String, value: String, isDefault: Bool) {
            self.key = key
            self.value = value
            self.isDefault = isDefault
        }

        /// Nil for anything else than a ``line``.
        package init?(line: String) {
            let parts = line.split(separator: "\t", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 3, ["default", "given"].contains(parts[1]) else { return nil }
            self.init(key: parts[0], value: parts[2], isDefault: parts[1] == "default")
        }
    }

    private let reader: ConfigReader
    /// Win over the reader: whoever set one up wants nothing else.
    private let credentials: [String: String]
    package private(set) var problems: [ConfigurationProblem] = []
    package private(set) var effective: [Effective] = []

    /// - Parameter credentialsDirectory: see ``Credentials``.
    package init(_ reader: ConfigReader, credentialsDirectory: String? = nil) {
        self.reader = reader
        (credentials, problems) = Credentials.read(in: credentialsDirectory)
    }

    /// Reads the process environment, and systemd's credentials.
    package static func environment() -> SettingsReader {
        SettingsReader(
            ConfigReader(provider: EnvironmentVariablesProvider()),
            credentialsDirectory: ProcessInfo.processInfo.environment[Credentials.directoryVariable])
    }

    /// Reads given variables, as tests do.
    package static func variables(
        _ variables: [String: String], credentialsDirectory: String? = nil
    ) -> SettingsReader {
        SettingsReader(
            ConfigReader(provider: EnvironmentVariablesProvider(environmentVariables: variables)),
            credentialsDirectory: credentialsDirectory)
    }

    package func string(_ key: String, default fallback: String) -> String {
        let raw = raw(key)
        note(key, raw ?? fallback, isDefault: raw == nil)
        return raw ?? fallback
    }

    package func optionalString(_ key: String) -> String? {
        let raw = raw(key)
        note(key, raw ?? "", isDefault: raw == nil)
        return raw
    }

    /// A value that is never shown.
    package func secret(_ key: String) -> String? {
        let raw = raw(key, isSecret: true)
        note(key, raw == nil ? "" : "<redacted>", isDefault: raw == nil)
        return raw
    }

    package func integer(_ key: String, default fallback: Int, in range: ClosedRange<Int>, unit: String = "") -> Int {
        guard let raw = raw(key) else {
            note(key, String(fallback), isDefault: true)
            return fallback
        }
        guard let number = Int(raw), range.contains(number) else {
            let what = unit.isEmpty ? "a whole number" : "a whole number of \(unit)"
            report(key, "is \"\(raw)\"; give \(what) from \(range.lowerBound) to \(range.upperBound)")
            return fallback
        }
        note(key, raw, isDefault: false)
        return number
    }

    package func number(_ key: String, default fallback: Double, in range: ClosedRange<Double>) -> Double {
        guard let raw = raw(key) else {
            note(key, String(fallback), isDefault: true)
            return fallback
        }
        guard let number = Double(raw), range.contains(number) else {
            report(key, "is \"\(raw)\"; give a number from \(range.lowerBound) to \(range.upperBound)")
            return fallback
        }
        note(key, raw, isDefault: false)
        return number
    }

    /// `true`/`1`/`yes`/`on` and `false`/`0`/`no`/`off`, in any letter case.
    package func flag(_ key: String, default fallback: Bool) -> Bool {
        guard let raw = raw(key) else {
            note(key, String(fallback), isDefault: true)
            return fallback
        }
        switch raw.lowercased() {
        case "true", "1", "yes", "on":
            note(key, "true", isDefault: false)
            return true
        case "false", "0", "no", "off":
            note(key, "false", isDefault: false)
            return false
        default:
            report(key, "is \"\(raw)\"; give true or false")
            return fallback
        }
    }

    /// One of a few words, in any letter case.
    package func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ key: String, default fallback: Choice
    ) -> Choice {
        guard let raw = raw(key) else {
            note(key, fallback.rawValue, isDefault: true)
            return fallback
        }
        guard let choice = Choice.allCases.first(where: { $0.rawValue.lowercased() == raw.lowercased() }) else {
            let words = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            report(key, "is \"\(raw)\"; give one of \(words)")
            return fallback
        }
        note(key, choice.rawValue, isDefault: false)
        return choice
    }

    /// Whole milliseconds, as all of stock's `..._MS` variables are.
    package func milliseconds(_ key: String, default fallback: Int, in range: ClosedRange<Int>) -> Duration {
        .milliseconds(integer(key, default: fallback, in: range, unit: "milliseconds"))
    }

    /// Adds a problem that the caller found, such as two settings that exclude each other.
    package func report(_ key: String, _ message: String) {
        problems.append(ConfigurationProblem(key: key, message: message))
    }

    /// Throws ``InvalidConfiguration`` with everything found so far.
    package func throwProblems() throws {
        guard problems.isEmpty else { throw InvalidConfiguration(problems) }
    }

    private func raw(_ key: String, isSecret: Bool = false) -> String? {
        if let credential = credentials[key] { return credential }
        let parts = key.lowercased().split(separator: "_").map(String.init)
        guard let text = reader.string(forKey: ConfigKey(parts), isSecret: isSecret), !text.isEmpty else { return nil }
        return text
    }

    private func note(_ key: String, _ value: String, isDefault: Bool) {
        effective.append(Effective(key: key, value: value, isDefault: isDefault))
    }
}
