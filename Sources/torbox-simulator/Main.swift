import ArgumentParser
import Foundation
import TorBoxSimulator

/// Runs a simulated TorBox for demos, benchmarks and tests of whole processes; see `ControlInterface` for its own calls.
@main
struct Main: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "torbox-simulator", abstract: "A TorBox API with invented accounts. Never part of an installation."
    )

    @Option(help: "Address to listen on.")
    var host = "127.0.0.1"

    @Option(help: "Port to listen on; 0 takes a free one.")
    var port = 0

    @Flag(help: "Print a line for every call.")
    var printCalls = false

    @Option(help: "Simulated seconds a real second.")
    var speed = 1.0

    @Flag(help: "Make an account for every unknown key, instead of answering BAD_TOKEN.")
    var acceptAnyKey = false

    @Option(help: "Library of accounts made for unknown keys and by --key: a number of torrents, demo, or empty.")
    var library = "demo"

    @Option(help: "Key of an account to begin with; may be repeated.")
    var key: [String] = []

    @Option(help: "Seed of libraries and chance.")
    var seed: UInt64 = 1

    @Option(help: "Simulated seconds between refreshes of a torrent row; TorBox takes 600.")
    var refresh = 1

    @Option(help: "Simulated seconds between two births of each role of the demo library; at least 60.")
    var demoPeriod = 300

    @Flag(help: "Take any number of calls.")
    var noRateLimits = false

    func validate() throws {
        if parsedLibrary == nil { throw ValidationError("--library must be a number, demo or empty") }
        if speed < 0 || !speed.isFinite { throw ValidationError("--speed must not be negative") }
    }

    func run() async throws {
        let settings = AccountSettings(library: parsedLibrary ?? .empty, seed: seed, refreshSeconds: refresh)
        var configuration = SimulatorConfiguration(
            clock: SimulatedClock(speed: speed), rateLimits: noRateLimits ? .off : RateLimits(),
            unknownKeys: acceptAnyKey ? settings : nil, seed: seed)
        configuration.host = host
        configuration.port = port
        if printCalls { configuration.onCall = { Self.say($0.line) } }
        let simulator = try await TorBoxSimulator.start(configuration)
        for key in key { simulator.addAccount(key, settings) }
        Self.say("listening on \(simulator.baseURL)")
        await simulator.runUntilTold()
    }

    /// Prints a line at once, also into a pipe.
    private static func say(_ line: String) {
        print(line)
        fflush(nil)
    }

    private var parsedLibrary: SimulatedLibrary? {
        switch library {
        case "demo": .demo(DemoLibrary(period: demoPeriod))
        case "empty": .empty
        default: Int(library).flatMap { $0 >= 0 ? SimulatedLibrary.generated(size: $0) : nil }
        }
    }
}
