import ArgumentParser
import GatewayCore
import ServiceSupport

/// `api-gateway check-config`: one problem a line on standard output.
struct CheckConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-config", abstract: "Check the environment variables that the gateway reads.")

    func run() throws {
        let settings = SettingsReader.environment()
        _ = GatewayConfiguration(reading: settings)
        for problem in settings.problems { print(problem) }
        guard settings.problems.isEmpty else { throw ArgumentParser.ExitCode(ServiceSupport.ExitCode.configuration) }
    }
}
