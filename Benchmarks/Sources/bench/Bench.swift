import ArgumentParser
import Foundation

/// `make bench`: the figures of README and `docs/performance.md`, measured again.
@main
struct Bench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measures the service from outside: release binaries, a simulated TorBox, wrk.",
        discussion: "Prints one table and, with --json, writes the same figures as JSON. CPU is user + system time of "
            + "all processes of the service together; memory is the sum of their proportional set sizes (PSS).")

    @Option(help: "Directory with supervisor, worker, api-gateway and torbox-simulator.")
    var binaries = ".build/programs"

    @Flag(help: "Fewer users and shorter runs: about two minutes.")
    var quick = false

    @Option(help: "Only the scenario of this name; may be repeated.")
    var only: [String] = []

    @Option(help: "Runs of each REST measurement; medians are printed.")
    var repeats: Int?

    @Option(help: "Worker processes.")
    var workers = 2

    @Option(help: "A setting of the service, KEY=VALUE, on top of those of the scenario; may be repeated.")
    var setting: [String] = []

    @Option(help: "Also write the figures to this file.")
    var json: String?

    func run() async throws {
        // A program that ends before it has read all that it is told is an error with a text, not our end.
        signal(SIGPIPE, SIG_IGN)
        let size = BenchSize(isQuick: quick, repeats: repeats)
        let directory = URL(fileURLWithPath: binaries)
        for program in ["supervisor", "worker", "api-gateway", "torbox-simulator"] {
            let path = directory.appendingPathComponent(program).path
            guard FileManager.default.isExecutableFile(atPath: path) else {
                throw ValidationError("there is no \(path); build it with `make bench` or name --binaries")
            }
        }
        let root = FileManager.default.temporaryDirectory.appendingPathComponent("torbox-bench-\(getpid())")
        defer { try? FileManager.default.removeItem(at: root) }  // What is left lies in the temporary directory.
        var lab = Lab(binaries: directory, workers: workers, size: size, root: root)
        for pair in setting.map({ $0.split(separator: "=", maxSplits: 1).map(String.init) }) {
            guard pair.count == 2 else { throw ValidationError("--setting takes KEY=VALUE") }
            lab.extraSettings[pair[0]] = pair[1]
        }
        var report = Report(isQuick: quick, workers: workers)
        let known = Scenarios.all + [Scenarios.soak]
        if let name = only.first(where: { name in !known.contains { $0.name == name } }) {
            throw ValidationError("no scenario \(name); there are \(known.map(\.name).joined(separator: ", "))")
        }
        let wanted = only.isEmpty ? Scenarios.all : known.filter { only.contains($0.name) }
        for scenario in wanted {
            Self.say("-- \(scenario.name)")
            let rows = [Reference.row(before: scenario.name)] + (try await scenario.run(lab))
            for row in rows { Self.say("   \(row.line)") }
            report.rows += rows
        }
        print("\n" + report.table)
        if let json { try report.write(to: json) }
    }

    /// Prints a line at once, also into a pipe: a run is long.
    private static func say(_ line: String) {
        print(line)
        fflush(nil)
    }
}

/// How much is measured.
struct BenchSize: Sendable {
    var isQuick: Bool
    var repeats: Int
    var wrkSeconds: Int

    init(isQuick: Bool, repeats: Int?) {
        self.isQuick = isQuick
        self.repeats = max(1, repeats ?? (isQuick ? 1 : 3))
        wrkSeconds = isQuick ? 2 : 6
    }

    /// `full` users, or a fifth of them when quick, at least `least`.
    func users(_ full: Int, least: Int = 50) -> Int { isQuick ? max(least, full / 5) : full }
}
