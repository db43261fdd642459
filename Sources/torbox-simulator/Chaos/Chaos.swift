import ArgumentParser
import Foundation

/// `torbox-chaos`: the real service under random faults, signals and requests, checked against what was acknowledged.
@main
struct Chaos: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "torbox-chaos",
        abstract: "Run the service under random faults and signals, and check that it kept its promises.")

    @Option(help: "Directory with supervisor, worker and api-gateway; default: that of this program.")
    var binaries: String?

    @Option(help: "Seconds of chaos, registering and settling come on top.")
    var seconds = 60

    @Option(help: "The same seed draws the same faults, signals and requests; their timing is the machine's.")
    var seed: UInt64 = 1

    @Option(help: "Users; every tenth has a library that evolves.")
    var users = 300

    @Option(help: "Workers at the start; scaling goes from 1 to twice as many.")
    var workers = 2

    func run() async throws {
        let plan = ChaosPlan(binaries: directory, seconds: seconds, seed: seed, users: users, workers: workers)
        let violations = try await ChaosRun(plan).go()
        guard violations.isEmpty else { throw ArgumentParser.ExitCode(1) }
    }

    private var directory: URL {
        if let binaries { return URL(fileURLWithPath: binaries) }
        return URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
    }
}
