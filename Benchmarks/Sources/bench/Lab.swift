import Foundation

/// What every scenario starts from.
struct Lab: Sendable {
    var binaries: URL
    var workers: Int
    var size: BenchSize
    /// Where all that is made lies until the end.
    var root: URL
    /// On top of what ``settings(data:simulator:workers:)`` says.
    var extraSettings: [String: String] = [:]

    func simulator(library: String, arguments: [String] = []) async throws -> (program: ChildProgram, url: String) {
        let program = try ChildProgram(
            binaries.appendingPathComponent("torbox-simulator"),
            ["--accept-any-key", "--no-rate-limits", "--library", library] + arguments)
        let url = try await program.first { line in
            line.hasPrefix("listening on ") ? String(line.dropFirst("listening on ".count)) : nil
        }
        return (program, url)
    }

    /// Settings under which nothing but the machine is the limit.
    func settings(data: String, simulator: String, workers: Int? = nil) -> [String: String] {
        [
            "DATA_DIR": data, "WORKERS": "\(workers ?? self.workers)", "TORBOX_API_BASE": simulator,
            "HOST": "127.0.0.1", "PORT": "0", "START_SPREAD_MS": "0", "USER_RATE_LIMIT_MAX": "1000000000",
            "IP_RATE_LIMIT_MAX": "1000000000", "LOG_LEVEL": "notice",
        ]
    }

    func service(_ settings: [String: String]) async throws -> RunningService {
        try await RunningService(binaries: binaries, settings: settings.merging(extraSettings) { _, extra in extra })
    }

    /// Runs `body` in a directory of its own, which stays until the end: a file system without a journal looks at each
    /// file that was removed in the last minutes before it makes a new one, and the next scenario would pay for it.
    func withDirectory<Value>(_ body: (String) async throws -> Value) async throws -> Value {
        let path = root.appendingPathComponent(String(UInt32.random(in: 0 ... .max), radix: 36))
        try FileManager.default.createDirectory(at: path, withIntermediateDirectories: true)
        return try await body(path.path)
    }

    /// Keys of so many users.
    func keys(_ count: Int) -> [String] { (0..<count).map { "bench-key-\(1_000_000_000 + $0)" } }
}

/// The service under test.
final class RunningService: Sendable {
    let program: ChildProgram
    let url: String
    /// From the start of the process to the word that it is ready.
    let readyAfter: Duration

    init(binaries: URL, settings: [String: String]) async throws {
        let began = ContinuousClock.now
        program = try ChildProgram(
            binaries.appendingPathComponent("supervisor"), ["run"], environment: settings)
        url = try await program.first { line in
            guard line.contains("supervisor ready"), let at = line.range(of: "address=") else { return nil }
            return "http://" + line[at.upperBound...].prefix { $0 != " " }
        }
        readyAfter = began.duration(to: .now)
    }

    /// Supervisor, workers, gateway.
    var pids: [Int32] { Processes.tree(of: program.pid) }
    var cpuSeconds: Double { Processes.cpuSeconds(of: pids) }
    var pssMegabytes: Double { Processes.pssMegabytes(of: pids) }

    func send(
        _ method: String, _ path: String, key: String? = nil, body: String? = nil
    ) async throws -> (status: Int, text: String) {
        let answer = try await HTTP.send(method, url + path, key: key, body: body)
        return (answer.status, String(decoding: answer.body, as: UTF8.self))
    }

    /// Polls that ended well, over all workers.
    func successfulPolls() async throws -> Int {
        let text = try await send("GET", "/api/backend/status").text
        guard let document = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any],
            let scheduler = document["pollingScheduler"] as? [String: Any],
            let metrics = scheduler["metrics"] as? [String: Any], let count = metrics["successfulPolls"] as? Int
        else { throw ChildProgram.Failure(description: "the status has no count of polls: \(text.prefix(300))") }
        return count
    }

    /// Registers everybody and saves their rules, `atOnce` users at a time. Returns how long it took.
    @discardableResult
    func register(_ keys: [String], rules: String, atOnce: Int = 16) async throws -> Duration {
        let began = ContinuousClock.now
        try await forEach(keys, atOnce: atOnce) { key in
            let registered = try await self.send("POST", "/api/backend/api-key/ensure-db", key: key, body: "{}")
            guard registered.status == 200 else {
                throw ChildProgram.Failure(description: "registering answered \(registered)")
            }
            let saved = try await self.send("POST", "/api/automation/rules", key: key, body: rules)
            guard saved.status == 200 else { throw ChildProgram.Failure(description: "saving rules answered \(saved)") }
        }
        return began.duration(to: .now)
    }

    func stop() async throws { try await program.stop() }
}

/// Runs `work` for each element, so many at a time.
func forEach<Element: Sendable>(
    _ elements: [Element], atOnce: Int, _ work: @escaping @Sendable (Element) async throws -> Void
) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
        for (index, element) in elements.enumerated() {
            if index >= atOnce { try await group.next() }
            group.addTask { try await work(element) }
        }
        try await group.waitForAll()
    }
}

extension Duration {
    var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
    var inMilliseconds: Double { inSeconds * 1_000 }
}
