import ArgumentParser
import WorkerCore

/// `worker check-config`: one problem a line on standard output, or with `--list` all settings.
struct CheckConfiguration: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-config",
        abstract: "Print every problem of the worker's settings, one a line; exit 78 if any.")

    @Flag(help: "Print every setting when there is no problem: key, default or given, value, separated by tabs.")
    var list = false

    func run() throws {
        throw ArgumentParser.ExitCode(WorkerProcess.checkConfiguration(listing: list))
    }
}
