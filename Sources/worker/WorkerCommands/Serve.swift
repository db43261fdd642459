import ArgumentParser
import WorkerCore

/// `worker serve`: started by the supervisor, which talks to it over the inherited control channel.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve the slots that the supervisor assigns. Started by the supervisor, not by hand.")

    @Option(help: "Which worker this is, from 0.")
    var index: Int

    func validate() throws {
        guard index >= 0 else { throw ValidationError("--index must be 0 or more") }
    }

    func run() async throws {
        throw ArgumentParser.ExitCode(await WorkerProcess.serve(index: index))
    }
}
