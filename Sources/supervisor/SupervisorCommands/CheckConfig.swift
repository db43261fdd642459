import ArgumentParser
import NIOPosix
import ServiceSupport
import SupervisorCore

/// Prints every setting with its value and where that comes from; or what is wrong with the settings of all three roles,
/// one problem a line, and exit code 78.
struct CheckConfig: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-config", abstract: "Check the settings of all processes and start nothing.")

    @OptionGroup var options: SettingsOptions

    func run() async throws {
        let settings = options.source.read()
        let outcome = await ConfigurationCheck(eventLoop: MultiThreadedEventLoopGroup.singleton.next()).run(settings)
        guard outcome.problems.isEmpty else {
            for problem in outcome.problems { print(problem) }
            throw ArgumentParser.ExitCode(ServiceSupport.ExitCode.configuration)
        }
        print(SettingsTable.text(outcome.effective, origin: settings.origin))
    }
}
