import ArgumentParser
import NIOPosix
import ServiceSupport
import SupervisorCore

/// Takes in a user from a file; running workers are replaced one by one so that they know.
struct ImportUser: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import-user", abstract: "Take in a user from a file that export-user wrote.",
        discussion: "A user who has a file here already is not touched. A running service is reloaded afterwards.")

    @Argument(help: "The file.")
    var file: String

    func run() async throws {
        let eventLoop = MultiThreadedEventLoopGroup.singleton.next()
        let work = WorkerCommand(programs: Settings.read().programs, eventLoop: eventLoop)
        let exitCode = try await work.run(["import-user", file])
        guard exitCode == ServiceSupport.ExitCode.stopped else { throw ArgumentParser.ExitCode(exitCode) }
        try await Operating.reloadIfRunning()
    }
}
