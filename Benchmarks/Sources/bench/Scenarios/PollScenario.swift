import Foundation

/// The polling table: so many users with so many torrents, three rules each.
enum PollScenario {
    @Sendable static func run(_ lab: Lab) async throws -> [Row] {
        var rows: [Row] = []
        rows.append(try await unchanged(lab, users: 200, items: 50))
        rows.append(try await unchanged(lab, users: lab.size.users(1_000, least: 400), items: 50))
        rows.append(try await unchanged(lab, users: lab.size.users(200), items: 1_000))
        rows.append(try await firstSeen(lab, users: lab.size.users(200), items: 1_000))
        guard !lab.size.isQuick else { return rows }
        rows.append(try await firstSeen(lab, users: 1_000, items: 50))
        rows.append(try await firstSeen(lab, users: 5_000, items: 50))
        rows.append(try await unchanged(lab, users: 200, items: 50, upstreamDelay: 500))
        rows.append(try await unchanged(lab, users: 1_000, items: 50, upstreamDelay: 200))
        rows.append(try await unchanged(lab, users: 1, items: 20_000))
        return rows
    }

    @Sendable static func oneAndTwoWorkers(_ lab: Lab) async throws -> [Row] {
        let users = lab.size.users(1_000, least: 400)
        var (rows, rates) = ([Row](), [Double]())
        for workers in [1, 2] {
            let (row, rate) = try await allDue(lab, users: users, items: 50, workers: workers)
            rows.append(row)
            rates.append(rate)
        }
        return rows + [Row("workers", "two workers against one", [("ratio", rates[1] / rates[0], "")])]
    }

    /// What clients see while everything is polled as fast as possible.
    @Sendable static func requestsMeanwhile(_ lab: Lab) async throws -> [Row] {
        try await withCrowd(lab, users: lab.size.users(200), items: 1_000) { service, keys, _ in
            try await settle(service, polls: keys.count)
            var rows: [Row] = []
            for (path, key) in [("/health", nil), ("/api/automation/rules", keys[0])] {
                let waits = try await Bystander.during(service, path: path, key: key) {
                    try await Task.sleep(for: .seconds(lab.size.isQuick ? 4 : 20))
                }.waits
                rows.append(
                    Row(
                        "rest-while-polling", "GET \(path) while \(keys.count) x 1,000 are polled",
                        [
                            ("p50", waits.percentile(0.5), "ms"), ("p99", waits.percentile(0.99), "ms"),
                            ("answers", Double(waits.count), ""),
                        ]))
            }
            return rows
        }
    }

    /// Memory, descriptors and files at the beginning and at the end of an hour of polling. Only by name: `--only soak`.
    @Sendable static func soak(_ lab: Lab) async throws -> [Row] {
        let minutes = lab.size.isQuick ? 5 : 60
        return try await withCrowd(lab, users: 400, items: 50) { service, keys, directory in
            try await settle(service, polls: 10 * keys.count)
            let before = Footprint(of: service, in: directory)
            let polls = try await service.successfulPolls()
            try await Task.sleep(for: .seconds(60 * minutes))
            let after = Footprint(of: service, in: directory)
            let count = try await service.successfulPolls() - polls
            return [Row("soak", "\(minutes) minutes of polling", after.figures(since: before, polls: count))]
        }
    }

    // MARK: Kinds of rows

    /// The library stands still: the simulated clock does not move. Rules run every 0.36 s instead of every 30 minutes (the
    /// documented development setting; our own pace for a key allows four a second), so that more is due than the machine
    /// can poll, as when everybody is due at once.
    private static func unchanged(_ lab: Lab, users: Int, items: Int, upstreamDelay: Int? = nil) async throws -> Row {
        try await withCrowd(lab, users: users, items: items, upstreamDelay: upstreamDelay) { service, keys, _ in
            try await settle(service, polls: 2 * keys.count)
            let (watched, peak) = try await MemoryWatch.peak(of: service) {
                try await Bystander.during(service) {
                    var windows: [Window] = []
                    for _ in 0..<3 { windows.append(try await Window(of: service, lab, polls: keys.count)) }
                    return windows
                }
            }
            let (cpu, rates) = (watched.value.map(\.milliseconds), watched.value.map(\.pollsPerSecond))
            let upstream = upstreamDelay.map { ", upstream \($0) ms" } ?? ""
            return Row(
                "polls", "\(users) x \(items), nothing changed\(upstream)",
                [
                    ("CPU a poll", cpu.median, "ms"), ("spread", cpu.spread * 100, "%"), ("polls", rates.median, "/s"),
                    ("peak PSS", peak, "MB"), ("/health p50", watched.waits.percentile(0.5), "ms"),
                    ("p99", watched.waits.percentile(0.99), "ms"),
                ])
        }
    }

    /// Everything is new to users who are all due at once, and about 20 of 1,000 items are to be deleted.
    private static func firstSeen(_ lab: Lab, users: Int, items: Int) async throws -> Row {
        try await lab.withDirectory { directory in
            let keys = lab.keys(users)
            // Registered against an empty TorBox, so that nothing of the library is known yet.
            try await register(lab, directory, keys, library: "empty", rules: BenchRules.matchingSome)
            try StartScenario.makeDue(directory)
            let (simulator, upstream) = try await lab.simulator(library: "\(items)", arguments: ["--speed", "0"])
            defer { simulator.killTree() }
            let service = try await lab.service(lab.settings(data: directory, simulator: upstream))
            defer { service.program.killTree() }
            let began = ContinuousClock.now
            let (watched, peak) = try await MemoryWatch.peak(of: service) {
                try await Bystander.during(service) { try await settle(service, polls: users) }
            }
            let took = (service.readyAfter + began.duration(to: .now)).inSeconds
            let polls = try await service.successfulPolls()
            let actions = try await Simulator.effects(upstream)
            let row = Row(
                "polls", "\(users) x \(items), first seen, \(actions) actions",
                [
                    ("CPU a poll", service.cpuSeconds / Double(polls) * 1_000, "ms"), ("wall", took, "s"),
                    ("polls", Double(polls) / took, "/s"), ("peak PSS", peak, "MB"),
                    ("/health p50", watched.waits.percentile(0.5), "ms"), ("p99", watched.waits.percentile(0.99), "ms"),
                ])
            try await service.stop()
            return row
        }
    }

    /// Everybody due at once, nothing changed: how fast the crowd is through.
    private static func allDue(
        _ lab: Lab, users: Int, items: Int, workers: Int
    ) async throws -> (row: Row, pollsPerSecond: Double) {
        try await lab.withDirectory { directory in
            let keys = lab.keys(users)
            let library = "\(items)"
            try await register(lab, directory, keys, library: library, rules: BenchRules.matchingNothing)
            let (simulator, upstream) = try await lab.simulator(library: library, arguments: ["--speed", "0"])
            defer { simulator.killTree() }
            // A first round outside of the measurement, so that the simulator has made all libraries.
            var rates: [Double] = []
            for round in 0..<4 {
                try StartScenario.makeDue(directory)
                let service = try await lab.service(
                    lab.settings(data: directory, simulator: upstream, workers: workers))
                defer { service.program.killTree() }
                let began = ContinuousClock.now
                try await settle(service, polls: users)
                if round > 0 { rates.append(Double(users) / (service.readyAfter + began.duration(to: .now)).inSeconds) }
                try await service.stop()
            }
            let row = Row(
                "workers", "\(users) x \(items) due at a restart, nothing changed, workers: \(workers)",
                [("polls", rates.median, "/s"), ("spread", rates.spread * 100, "%")])
            return (row, rates.median)
        }
    }

    // MARK: Parts

    private static func withCrowd<Value: Sendable>(
        _ lab: Lab, users: Int, items: Int, upstreamDelay: Int? = nil,
        _ body: @Sendable (RunningService, [String], String) async throws -> Value
    ) async throws -> Value {
        let (simulator, upstream) = try await lab.simulator(library: "\(items)", arguments: ["--speed", "0"])
        defer { simulator.killTree() }
        return try await lab.withDirectory { directory in
            var settings = lab.settings(data: directory, simulator: upstream)
            settings["NODE_ENV"] = "development"
            settings["DEV_INTERVAL_MULTIPLIER"] = "0.0002"
            let service = try await lab.service(settings)
            defer { service.program.killTree() }
            let keys = lab.keys(users)
            try await service.register(keys, rules: BenchRules.matchingNothing)
            if let upstreamDelay { try await Simulator.delay(upstream, milliseconds: upstreamDelay) }
            let value = try await body(service, keys, directory)
            try await service.stop()
            return value
        }
    }

    /// Registers everybody with a service of its own, and stops it when each has been polled once.
    private static func register(
        _ lab: Lab, _ directory: String, _ keys: [String], library: String, rules: String
    ) async throws {
        let (simulator, upstream) = try await lab.simulator(library: library, arguments: ["--speed", "0"])
        defer { simulator.killTree() }
        let service = try await lab.service(lab.settings(data: directory, simulator: upstream))
        defer { service.program.killTree() }
        try await service.register(keys, rules: rules)
        try await settle(service, polls: keys.count)
        try await service.stop()
    }

    private static func settle(_ service: RunningService, polls: Int) async throws {
        let deadline = ContinuousClock.now.advanced(by: .seconds(600))
        while try await service.successfulPolls() < polls {
            guard ContinuousClock.now < deadline else {
                throw ChildProgram.Failure(description: "fewer than \(polls) polls in 600 s")
            }
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    /// Some seconds of steady polling, more when fewer than `polls` polls have ended by then.
    private struct Window {
        var milliseconds: Double
        var pollsPerSecond: Double

        init(of service: RunningService, _ lab: Lab, polls: Int) async throws {
            let least = Duration.seconds(lab.size.isQuick ? 2 : 6)
            let (began, cpu, before) = (ContinuousClock.now, service.cpuSeconds, try await service.successfulPolls())
            var after = before
            repeat {
                try await Task.sleep(for: .milliseconds(500))
                after = try await service.successfulPolls()
            } while began.duration(to: .now) < least
                || (after - before < polls && began.duration(to: .now) < .seconds(120))
            let count = Double(max(1, after - before))
            milliseconds = (service.cpuSeconds - cpu) / count * 1_000
            pollsPerSecond = count / began.duration(to: .now).inSeconds
        }
    }

    private struct Footprint {
        var pss: Double
        var descriptors: Int
        var files: Int

        init(of service: RunningService, in directory: String) {
            pss = service.pssMegabytes
            descriptors = Processes.descriptors(of: service.pids)
            files = FileManager.default.enumerator(atPath: directory)?.allObjects.count ?? 0
        }

        func figures(since before: Footprint, polls: Int) -> [(name: String, value: Double, unit: String)] {
            [
                ("polls", Double(polls), ""), ("PSS before", before.pss, "MB"), ("after", pss, "MB"),
                ("descriptors before", Double(before.descriptors), ""), ("after", Double(descriptors), ""),
                ("files before", Double(before.files), ""), ("after", Double(files), ""),
            ]
        }
    }
}
