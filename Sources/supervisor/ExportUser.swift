import ArgumentParser
import NIOPosix
import SupervisorCore

/// One user as one file; the service may run.
struct ExportUser: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export-user", abstract: "Write one user (rules, history, tags, API key) to one file.")

    @Argument(help: "8 to 64 digits of the id.")
    var user: String

    @Option(help: "The file, which must not exist yet.")
    var to: String

    func run() async throws {
        let eventLoop = MultiThreadedEventLoopGroup.singleton.next()
        let work = WorkerCommand(programs: Settings.read().programs, eventLoop: eventLoop)
        throw ExitCode(try await work.run(["export-user", user, "--to", to]))
    }
}
