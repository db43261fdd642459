import ArgumentParser
import NIOPosix
import ServiceSupport
import SupervisorCore

/// Prints what is wrong with the settings of all three roles, one problem a line; exit code 78 when anything is.
struct CheckConfig: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-config", abstract: "Check the settings of all processes and start nothing.")

    func run() async throws {
        let settings = Settings.read()
        let eventLoop = MultiThreadedEventLoopGroup.singleton.next()
        let check = ConfigurationCheck(programs: settings.programs, eventLoop: eventLoop)
        let problems = await check.problems(own: settings.problems)
        for problem in problems { print(problem) }
        guard problems.isEmpty else { throw ArgumentParser.ExitCode(ServiceSupport.ExitCode.configuration) }
    }
}
