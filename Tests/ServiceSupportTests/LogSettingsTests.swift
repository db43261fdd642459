import Logging
import Observability
import ServiceSupport
import Testing

@Suite struct LogSettingsTests {
    @Test(
        "every level has its name, and warn is warning",
        arguments: Logger.Level.allCases.map { ($0.rawValue, $0) } + [("warn", .warning), ("DEBUG", .debug)])
    func levels(text: String, level: Logger.Level) throws {
        let reader = SettingsReader.variables(["LOG_LEVEL": text])
        #expect(LogSettings.level(reader) == level)
        try reader.throwProblems()
    }

    @Test("an unknown level or format is a problem that lists the choices")
    func unknown() {
        let reader = SettingsReader.variables(["LOG_LEVEL": "loud", "LOG_FORMAT": "xml"])
        _ = LogSettings.level(reader)
        _ = LogSettings.format(reader)
        #expect(
            reader.problems.map(\.description) == [
                "LOG_LEVEL is \"loud\"; give one of trace, debug, info, notice, warning, error, critical",
                "LOG_FORMAT is \"xml\"; give one of auto, text, json",
            ])
    }

    @Test("without settings lines go where standard error goes, from info up")
    func defaults() {
        let reader = SettingsReader.variables([:])
        #expect(LogSettings.level(reader) == .info)
        #expect(LogSettings.format(reader) == .auto)
    }
}
