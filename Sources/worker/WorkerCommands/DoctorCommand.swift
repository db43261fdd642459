import ArgumentParser
import WorkerCore

/// `worker doctor`: the findings as JSON, for `supervisor doctor`.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Examine key, registry, user files and TorBox, and print the findings as JSON.")

    func run() async throws {
        throw ArgumentParser.ExitCode(await WorkerProcess.doctor())
    }
}
