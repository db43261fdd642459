import ArgumentParser
import WorkerCore

/// `worker check-config`: one problem a line on standard output.
struct CheckConfiguration: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-config",
        abstract: "Print every problem of the worker's settings, one a line; exit 78 if any.")

    func run() throws {
        throw ArgumentParser.ExitCode(WorkerProcess.checkConfiguration())
    }
}
