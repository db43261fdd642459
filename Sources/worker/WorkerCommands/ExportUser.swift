import ArgumentParser
import WorkerCore

/// `worker export-user`: one user as one file.
struct ExportUser: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export-user", abstract: "Write one user (rules, history, tags, API key) to one file.")

    @Argument(help: "8 to 64 digits of the id.")
    var user: String

    @Option(help: "The file, which must not exist yet.")
    var to: String

    func run() async throws { throw ExitCode(await WorkerProcess.exportUser(user, to: to)) }
}
