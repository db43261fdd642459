import ServiceSupport
import Testing

@Suite struct SettingsReaderTests {
    private enum Mode: String, CaseIterable { case development, dryRun }

    @Test(
        "what is missing or empty is the default and no problem", arguments: [[:], ["PORT": "", "NAME": "", "ON": ""]])
    func missing(variables: [String: String]) throws {
        let reader = SettingsReader.variables(variables)
        #expect(reader.integer("PORT", default: 8_080, in: 1...65_535) == 8_080)
        #expect(reader.string("NAME", default: "torbox") == "torbox")
        #expect(reader.flag("ON", default: true))
        #expect(reader.optionalString("NAME") == nil && reader.secret("NAME") == nil)
        #expect(reader.effective.allSatisfy { $0.isDefault })
        try reader.throwProblems()
    }

    @Test("what is given is read and noted as given")
    func given() throws {
        let reader = SettingsReader.variables([
            "WORKERS": "4", "RATIO": "0.25", "REQUIRE_KEY": "No", "MODE": "DRYRUN", "POLL_MS": "1500", "S3_KEY2": "x",
        ])
        #expect(reader.integer("WORKERS", default: 1, in: 1...256) == 4)
        #expect(reader.number("RATIO", default: 1, in: 0...1) == 0.25)
        #expect(!reader.flag("REQUIRE_KEY", default: true))
        #expect(reader.choice("MODE", default: Mode.development) == .dryRun)
        #expect(reader.milliseconds("POLL_MS", default: 1, in: 1...60_000) == .milliseconds(1_500))
        #expect(reader.optionalString("S3_KEY2") == "x")
        #expect(reader.effective.map(\.key) == ["WORKERS", "RATIO", "REQUIRE_KEY", "MODE", "POLL_MS", "S3_KEY2"])
        #expect(reader.effective.map(\.value) == ["4", "0.25", "false", "dryRun", "1500", "x"])
        #expect(!reader.effective.contains { $0.isDefault })
        try reader.throwProblems()
    }

    @Test("every malformed value is a problem, all are told at once, none becomes the default in silence")
    func malformed() {
        let reader = SettingsReader.variables([
            "WORKERS": "many", "PORT": "70000", "RATIO": "nan", "REQUIRE_KEY": "perhaps", "MODE": "fast",
            "POLL_MS": "1.5",
        ])
        _ = reader.integer("WORKERS", default: 1, in: 1...256)
        _ = reader.integer("PORT", default: 80, in: 1...65_535)
        _ = reader.number("RATIO", default: 1, in: 0...1)
        _ = reader.flag("REQUIRE_KEY", default: true)
        _ = reader.choice("MODE", default: Mode.development)
        _ = reader.milliseconds("POLL_MS", default: 1, in: 1...60_000)
        reader.report("WORKERS", "and PORT exclude each other")
        #expect(throws: InvalidConfiguration(reader.problems)) { try reader.throwProblems() }
        #expect(
            InvalidConfiguration(reader.problems).description == """
                WORKERS is "many"; give a whole number from 1 to 256
                PORT is "70000"; give a whole number from 1 to 65535
                RATIO is "nan"; give a number from 0.0 to 1.0
                REQUIRE_KEY is "perhaps"; give true or false
                MODE is "fast"; give one of development, dryRun
                POLL_MS is "1.5"; give a whole number of milliseconds from 1 to 60000
                WORKERS and PORT exclude each other
                """)
    }

    @Test("bounds are inside the range")
    func bounds() throws {
        let reader = SettingsReader.variables(["LOW": "1", "HIGH": "256"])
        #expect(reader.integer("LOW", default: 9, in: 1...256) == 1)
        #expect(reader.integer("HIGH", default: 9, in: 1...256) == 256)
        try reader.throwProblems()
    }

    @Test("a secret is handed out but never shown")
    func secrets() {
        let reader = SettingsReader.variables(["ENCRYPTION_KEY": "hunter2"])
        #expect(reader.secret("ENCRYPTION_KEY") == "hunter2")
        #expect(reader.effective.map(\.value) == ["<redacted>"])
        #expect(!String(reflecting: reader.effective).contains("hunter2"))
    }

    @Test("yes and no have four spellings each, in any letter case")
    func flags() throws {
        for (spelling, meaning) in [
            ("true", true), ("1", true), ("Yes", true), ("ON", true), ("False", false), ("0", false), ("no", false),
            ("off", false),
        ] {
            let reader = SettingsReader.variables(["FLAG": spelling])
            #expect(reader.flag("FLAG", default: !meaning) == meaning)
            try reader.throwProblems()
        }
    }
}
