import ArgumentParser
import NIOPosix
import SupervisorCore

/// `supervisor backup …`: what `worker backup …` does, which `worker backup --help` describes.
struct Backup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Backups of registry and user files: create|list|verify|restore.",
        usage: """
            supervisor backup create [--user ID]
            supervisor backup list
            supervisor backup verify [NAME]
            supervisor backup restore NAME [--user ID] [--to PATH]
            """,
        discussion: "Copies are consistent and made while the service runs. Nothing is ever overwritten.")

    @Argument(parsing: .captureForPassthrough)
    var arguments: [String] = []

    func run() async throws {
        let eventLoop = MultiThreadedEventLoopGroup.singleton.next()
        let work = WorkerCommand(programs: Settings.read().programs, eventLoop: eventLoop)
        throw ExitCode(try await work.run(["backup"] + arguments))
    }
}
