import ArgumentParser
import DomainModel
import Foundation
import ServiceHarness
import TorBoxSimulator

/// `torbox-demo`: the real service against a simulated TorBox, for people to watch and for CI to check.
///
/// Everything goes the way of the frontend: users are registered, rules posted and logs read over REST.
@main
struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "torbox-demo",
        abstract: "Run the service against a simulated TorBox for about a minute and say what happens.")

    @Option(help: "Directory with supervisor, worker and api-gateway; default: that of this program.")
    var binaries: String?

    @Option(help: "Seconds to watch.")
    var seconds = 40

    @Flag(help: "Keep running until Ctrl-C.")
    var stay = false

    @Flag(help: "Also print what the service logs.")
    var verbose = false

    /// What every run must show at least once.
    static let expectedActions: Set<String> = ["stop_seeding", "archive", "delete", "force_start", "add_tag"]
    /// How much faster than real time the demo library lives.
    static let speed = 20.0

    func run() async throws {
        let simulator = try await TorBoxSimulator.start(
            SimulatorConfiguration(clock: SimulatedClock(speed: Self.speed), callLogLimit: 1_000_000))
        let directory = try TemporaryDirectory("demo")
        let verbose = verbose
        let service = try ServiceProcess(
            binaries: binariesDirectory, environment: environment(simulator, directory),
            echo: { line in if verbose { print("    | \(line)") } })
        defer { service.killAll() }
        let story = DemoStory(rest: RESTClient(baseURL: try await service.baseURL()), simulator: simulator)
        print("A simulated TorBox answers at \(simulator.baseURL), its time runs \(Int(Self.speed)) times faster.")
        print("The service is up at \(story.rest.baseURL) with 2 workers and a gateway.\n")
        try await story.begin()
        try await watch(story)
        try await end(story, service, directory)
        await simulator.stop()
    }

    private func watch(_ story: DemoStory) async throws {
        let end = ContinuousClock.now.advanced(by: .seconds(seconds))
        while stay || ContinuousClock.now < end {
            try await story.tellNews()
            try await Task.sleep(for: .seconds(1))
        }
    }

    private func end(_ story: DemoStory, _ service: ServiceProcess, _ directory: TemporaryDirectory) async throws {
        try await story.tellNews()
        print("\nAsking the service to stop (SIGTERM).")
        let code = try await service.stop()
        let problems =
            try await story.problems(expecting: Self.expectedActions) + Leftovers.problems(in: directory.path)
            + (code == 0 ? [] : ["the service ended with \(code) instead of 0"])
        print("It ended with exit code \(code).\n")
        print(story.summary)
        guard problems.isEmpty else {
            problems.forEach { print("PROBLEM: \($0)") }
            throw ArgumentParser.ExitCode(1)
        }
        print("Every action was carried out exactly once, nothing is left locked. That was the demo.")
    }

    private var binariesDirectory: URL {
        if let binaries { return URL(fileURLWithPath: binaries) }
        return URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
    }

    /// Development mode shortens the shortest interval of rules from 30 minutes to 3.6 seconds.
    private func environment(_ simulator: TorBoxSimulator, _ directory: TemporaryDirectory) -> [String: String] {
        [
            "DATA_DIR": directory.path, "WORKERS": "2", "TORBOX_API_BASE": simulator.baseURL,
            "NODE_ENV": "development", "DEV_INTERVAL_MULTIPLIER": "0.002", "START_SPREAD_MS": "0",
        ]
    }
}
