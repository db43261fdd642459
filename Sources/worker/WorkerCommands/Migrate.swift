import ArgumentParser
import WorkerCore

/// `worker migrate`: makes the data directory fit this version.
struct Migrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Create or migrate the data directory, the key file and the registry, and check the key.")

    func run() async throws {
        throw ArgumentParser.ExitCode(await WorkerProcess.migrate())
    }
}
