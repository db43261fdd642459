import ArgumentParser
import GatewayCore
import ServiceSupport

/// `api-gateway check-config`: one problem a line on standard output, or with `--list` all settings.
struct CheckConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-config", abstract: "Check the environment variables that the gateway reads.")

    @Flag(help: "Print every setting when there is no problem: key, default or given, value, separated by tabs.")
    var list = false

    func run() throws {
        let settings = SettingsReader.environment()
        _ = GatewayConfiguration(reading: settings)
        for problem in settings.problems { print(problem) }
        guard settings.problems.isEmpty else { throw ArgumentParser.ExitCode(ServiceSupport.ExitCode.configuration) }
        if list { for setting in settings.effective { print(setting.line) } }
    }
}
