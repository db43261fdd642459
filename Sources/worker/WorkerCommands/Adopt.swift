import ArgumentParser
import WorkerCore

/// `worker adopt`: moves in from a stock backend.
struct Adopt: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Take in the data directory of a stock backend; it is only read.",
        discussion: "Interrupted, run it again. Exit code 65 when users were left out, which the report names.")

    @Option(help: "The stock data directory: master.db, users, uploads.")
    var from: String

    @Flag(name: .customLong("dry-run"), help: "Do everything on copies that are thrown away, and report.")
    var dryRun = false

    @Flag(help: "Print the report as JSON, with every finding.")
    var json = false

    func run() async throws {
        throw ExitCode(await WorkerProcess.adopt(from: from, isDryRun: dryRun, asJSON: json))
    }
}
