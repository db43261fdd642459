import ArgumentParser
import WorkerCore

/// `worker import-user`: takes in what `export-user` wrote.
struct ImportUser: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import-user", abstract: "Take in a user from a file that export-user wrote.")

    @Argument(help: "The file.")
    var file: String

    func run() async throws { throw ExitCode(await WorkerProcess.importUser(from: file)) }
}
