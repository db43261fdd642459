import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import ServiceHarness
import TorBoxSimulator

/// One run from the start to the verdict.
struct ChaosRun {
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    private let seconds: Int
    private let seed: UInt64
    private let simulator: TorBoxSimulator
    private let disk: ChaosDisk
    private let service: ChaosService
    private let client: HTTPClient
    private let users: [ChaosUser]
    private let evolving: Set<String>
    private let tally = ChaosTally()

    /// Every so many users have a library that evolves.
    private static let evolvingEvery = 10

    private static let registeredAtOnce = 8

    init(binaries: URL, seconds: Int, seed: UInt64, users count: Int) async throws {
        self.seconds = seconds
        self.seed = seed
        simulator = try await TorBoxSimulator.start(
            SimulatorConfiguration(callLogLimit: 10_000_000, seed: seed))
        disk = try ChaosDisk()
        var configuration = HTTPClient.Configuration()
        configuration.timeout.connect = .seconds(2)
        // A refused connection is an answer here: the service is down, and the client knows.
        configuration.connectionPool.retryConnectionEstablishment = false
        client = HTTPClient(configuration: configuration)
        let service = ChaosService(
            binaries: binaries, environment: Self.environment(simulator, disk), client: client, tally: tally)
        self.service = service
        let tally = tally
        users = (0..<count).map { number in
            ChaosUser(
                key: "chaos-key-\(100_000_000 + number)", isEvolving: number % Self.evolvingEvery == 0,
                service: service,
                tally: tally)
        }
        evolving = Set(users.enumerated().filter { $0.offset % Self.evolvingEvery == 0 }.map(\.element.key))
    }

    private static func environment(_ simulator: TorBoxSimulator, _ disk: ChaosDisk) -> [String: String] {
        [
            "DATA_DIR": disk.path, "WORKERS": "2", "TORBOX_API_BASE": simulator.baseURL, "START_SPREAD_MS": "0",
            // Kills point at users who are not to blame; they come back within the run.
            "USER_QUARANTINE_MS": "1000",
            "NODE_ENV": "development", "DEV_INTERVAL_MULTIPLIER": "0.003", "TORBOX_FETCH_TIMEOUT_MS": "2000",
            "TORBOX_ACTION_TIMEOUT_MS": "2000", "TORBOX_MIN_PAUSE_MS": "1000",
            "TORBOX_OUTAGE_RECOVERY_INTERVAL_MS": "1000", "REQUEST_TIMEOUT_MS": "8000",
            "USER_RATE_LIMIT_MAX": "10000000", "IP_RATE_LIMIT_MAX": "10000000",
        ]
    }

    /// Returns the violations, which were printed.
    func go() async throws -> [String] {
        let result: Result<[String], any Error>
        do { result = .success(try await stages()) } catch { result = .failure(error) }
        service.killAll()
        try await client.shutdown()
        await simulator.stop()
        return try result.get()
    }

    private func stages() async throws -> [String] {
        print("seed \(seed), \(users.count) users, \(seconds) s; the machine decides the timing")
        let names = addAccounts()
        try await service.start()
        try await begin()
        let before = ProcessUsage(of: service.pids)
        let growth = ChaosGrowth(simulator: simulator, keys: users.map(\.key).filter { !evolving.contains($0) })
        async let guardian: Void = service.keepRunning()
        try await storm(growth)
        let checker = ChaosChecker(
            simulator: simulator, users: users, growth: growth, names: names, tally: tally)
        var problems = try await settle()
        problems += await checker.writeProblems()
        problems += checker.callProblems() + checker.lostRows() + usageProblems(before)
        let code = await service.stop()
        if code != 0 { problems.append("the service ended with \(code.map(String.init) ?? "nothing") instead of 0") }
        try await guardian
        report(problems)
        return problems
    }

    // MARK: Stages

    /// - Returns: Names of the rows that stand still, by account and id.
    private func addAccounts() -> [String: String] {
        var names: [String: String] = [:]
        for user in users {
            if evolving.contains(user.key) {
                simulator.addAccount(user.key, AccountSettings(library: .demo(DemoLibrary())))
                continue
            }
            simulator.addAccount(user.key)
            for row in ChaosLibrary.rows() { names["\(user.account) \(simulator.add(row, to: user.key))"] = row.name }
        }
        return names
    }

    private func begin() async throws {
        let failed = await withTaskGroup(of: Bool.self, returning: Int.self) { group in
            var failed = 0
            for (number, user) in users.enumerated() {
                if number >= Self.registeredAtOnce, await group.next() == false { failed += 1 }
                group.addTask { await user.begin() }
            }
            return await group.reduce(failed) { $0 + ($1 ? 0 : 1) }
        }
        guard failed == 0 else { throw Failure(description: "\(failed) users could not be registered") }
        print("registered")
    }

    private func storm(_ growth: ChaosGrowth) async throws {
        let end = ContinuousClock.now.advanced(by: .seconds(seconds))
        let seed = seed
        let faults = ChaosFaults(
            simulator: simulator, keys: users.map(\.key), tally: tally, random: ChaosRandom(seed: seed, stream: 1))
        let killer = ChaosKiller(
            service: service, disk: disk, tally: tally, random: ChaosRandom(seed: seed, stream: 2))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { [faults] in
                var faults = faults
                try await faults.run(until: end)
            }
            group.addTask { [killer] in
                var killer = killer
                try await killer.run(until: end)
            }
            group.addTask { try await growth.run(until: end, random: ChaosRandom(seed: seed, stream: 3)) }
            group.addTask { try await progress(until: end) }
            for (number, user) in users.enumerated() {
                let random = ChaosRandom(seed: seed, stream: 100 + UInt64(number))
                group.addTask { try await user.run(until: end, random: random) }
            }
            try await group.waitForAll()
        }
    }

    private func progress(until end: ContinuousClock.Instant) async throws {
        while ContinuousClock.now < end {
            try await Task.sleep(for: .seconds(5))
            let left = max(0, Int(ContinuousClock.now.duration(to: end) / .seconds(1)))
            print(
                "\(left) s left: \(tally.total("requests")) requests, \(tally.total("signals")) signals, "
                    + "\(simulator.statistics.calls) calls at TorBox")
        }
    }

    /// Faults end; everybody must be polled again.
    private func settle() async throws -> [String] {
        simulator.clearFaults()
        disk.free()
        print("settling")
        let answers = try await eventually(within: .seconds(90), every: .milliseconds(200)) {
            try await service.rest.send(.GET, "/ready").status == 200
        }
        guard answers else { return ["the service is not ready 90 s after the last fault"] }
        let mark = simulator.statistics.calls
        var waiting = Set(users.map(\.account))
        _ = try await eventually(within: .seconds(90), every: .milliseconds(500)) {
            let lists = simulator.calls(endpoint: .torrentList, since: mark).filter { $0.status == 200 }
            waiting.subtract(lists.compactMap(\.account))
            return waiting.isEmpty
        }
        tally.count("verified", "users polled again", by: users.count - waiting.count)
        return waiting.sorted().map { "user \($0) is not polled any more" }
    }

    private func usageProblems(_ before: ProcessUsage) -> [String] {
        let after = ProcessUsage(of: service.pids)
        print(
            "memory \(before.proportionalKiB) KiB then, \(after.proportionalKiB) KiB now; descriptors "
                + "\(before.descriptors), \(after.descriptors); sockets \(before.sockets), \(after.sockets)")
        var problems: [String] = []
        if after.proportionalKiB > before.proportionalKiB * 3 / 2 + 65_536 { problems.append("memory grew") }
        if after.descriptors > before.descriptors * 3 / 2 + 64 { problems.append("descriptors leak") }
        if after.sockets > before.sockets * 3 / 2 + 64 { problems.append("sockets leak") }
        return problems
    }

    private func report(_ problems: [String]) {
        for (fault, count) in simulator.statistics.faults { tally.count("faults hit", fault, by: count) }
        print(tally.table)
        guard !problems.isEmpty else { return print("No violation.") }
        print("the service's last lines:\n" + service.log.suffix(60).joined(separator: "\n"))
        for problem in problems.prefix(40) { print("VIOLATION: \(problem)") }
        print("\(problems.count) violations; again with --seed \(seed)")
    }
}
