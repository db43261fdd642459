import Logging
import ServiceSupport
import Testing

@testable import SupervisorCore

@Suite struct SettingsSourceTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func read(_ text: String?, environment: [String: String] = [:]) throws -> SupervisorSettings {
        if let text { try directory.write(text, to: "settings") }
        return SettingsSource(
            environment: environment, file: text == nil ? nil : "settings", currentDirectory: directory.path,
            programDirectory: "/opt"
        ).read()
    }

    @Test("the environment wins over the file, an empty variable counts as not set, and each value knows its origin")
    func origins() throws {
        let settings = try read(
            "# ours\nWORKERS=3\nPORT=4000\nLOG_LEVEL=debug\n", environment: ["WORKERS": "5", "LOG_LEVEL": ""])
        #expect(settings.problems.isEmpty)
        #expect(settings.configuration.workers == 5)
        #expect(settings.configuration.port == 4_000)
        #expect(settings.configuration.logLevel == .debug)
        #expect(settings.origin(of: "WORKERS") == "environment")
        #expect(settings.origin(of: "PORT") == "\(directory.path)/settings line 3")
        #expect(settings.origin(of: "HOST") == "default")
        #expect(settings.programs.environment["PORT"] == "4000")
        #expect(settings.programs.environment["WORKERS"] == "5")
    }

    @Test("what systemd hands over as a credential says so, and wins") func credentials() throws {
        try directory.write("a key of its own\n", to: "encryption-key")
        let settings = try read(
            nil, environment: ["CREDENTIALS_DIRECTORY": directory.path, "ENCRYPTION_KEY": "another one"])
        #expect(settings.origin(of: "ENCRYPTION_KEY") == "credential")
        #expect(settings.programs.environment["CREDENTIALS_DIRECTORY"] == directory.path)
    }

    @Test("SETTINGS_FILE of the environment names the file; one that is not there, or names itself, is a problem")
    func naming() throws {
        try directory.write("PORT=1", to: "named")
        let named = SettingsSource(
            environment: ["SETTINGS_FILE": "\(directory.path)/named"], file: nil, currentDirectory: "/",
            programDirectory: "/opt")
        #expect(named.read().configuration.port == 1)
        #expect(named.read().programs.environment["SETTINGS_FILE"] == nil)
        let missing = SettingsSource(
            environment: [:], file: "/nowhere/settings", currentDirectory: "/", programDirectory: "/opt")
        #expect(missing.read().problems.first?.description.contains("/nowhere/settings, which cannot be read") == true)
        #expect(try read("SETTINGS_FILE=x").problems.map(\.key) == ["SETTINGS_FILE"])
    }

    @Test("what only a new start can change is named, without a secret's value")
    func refusals() throws {
        let before = try read("PORT=1\nENCRYPTION_KEY=0123456789abcdef\nPOLL_KICKOUT_MS=5000")
        let after = try read("PORT=2\nENCRYPTION_KEY=fedcba9876543210\nPOLL_KICKOUT_MS=6000")
        let refusals = after.refusals(after: before)
        #expect(refusals.map(\.key) == ["PORT", "ENCRYPTION_KEY"])
        #expect(!refusals.contains { $0.message.contains("fedcba") })
        #expect(try read("PORT=1\nENCRYPTION_KEY=0123456789abcdef").refusals(after: before).isEmpty)
    }

    @Test("another WORKERS scales at a reload, an unchanged one keeps what an operator has scaled to")
    func workers() throws {
        let before = try read("WORKERS=2\nHUNG_AFTER_MS=3000")
        #expect(before.fleet(after: before, limit: .seconds(30)).workers == nil)
        let fleet = try read("WORKERS=4\nHUNG_AFTER_MS=60000").fleet(after: before, limit: .seconds(30))
        #expect(fleet.workers == 4)
        #expect(fleet.hung == .seconds(30))
    }
}
