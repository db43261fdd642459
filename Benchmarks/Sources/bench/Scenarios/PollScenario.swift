import Foundation

/// The polling table: so many users with so many torrents, three rules each.
enum PollScenario {
    @Sendable static func run(_ lab: Lab) async throws -> [Row] {
        var rows: [Row] = []
        rows.append(try await unchanged(lab, users: 400, items: 50))
        rows.append(try await unchanged(lab, users: lab.size.users(200, least: 100), items: 1_000))
        guard !lab.size.isQuick else { return rows }
        rows.append(try await unchanged(lab, users: 1_000, items: 50))
        rows.append(try await unchanged(lab, users: 1, items: 20_000))
        return rows
    }

    /// Everything is new and much of it is to be deleted.
    @Sendable static func firstSeen(_ lab: Lab) async throws -> [Row] {
        var rows = [try await firstSeen(lab, users: lab.size.isQuick ? 24 : 200, items: 1_000)]
        guard !lab.size.isQuick else { return rows }
        // What of it is not the actions'.
        rows.append(try await firstSeen(lab, users: 200, items: 1_000, rules: BenchRules.matchingNothing))
        rows.append(try await firstSeen(lab, users: 1_000, items: 50))
        rows.append(try await firstSeen(lab, users: 5_000, items: 50))
        return rows
    }

    /// A TorBox that takes its time. Not part of a quick run.
    @Sendable static func slowUpstream(_ lab: Lab) async throws -> [Row] {
        guard !lab.size.isQuick else { return [] }
        return [
            try await unchanged(lab, users: 200, items: 50, upstreamDelay: 500),
            try await unchanged(lab, users: 1_000, items: 50, upstreamDelay: 200),
        ]
    }

    /// The same crowd, more of it due than can be polled, with one worker and with two. What the simulated TorBox takes of the
    /// cores counts for less when libraries are large.
    @Sendable static func oneAndTwoWorkers(_ lab: Lab) async throws -> [Row] {
        try await oneAndTwoWorkers(lab, users: 400, items: 50)
            + oneAndTwoWorkers(lab, users: lab.size.users(200, least: 100), items: 1_000)
    }

    private static func oneAndTwoWorkers(_ lab: Lab, users: Int, items: Int) async throws -> [Row] {
        var (rows, rates) = ([Row](), [Double]())
        for workers in [1, 2] {
            let window = try await withCrowd(lab, users: users, items: items, workers: workers) { service, keys, _ in
                try await settle(service, polls: 2 * keys.count)
                return try await Windows(of: service, lab, polls: keys.count)
            }
            rows.append(
                Row(
                    "workers", "\(users) x \(items), nothing changed, workers: \(workers)",
                    [
                        ("polls", window.pollsPerSecond.median, "/s"),
                        ("spread", window.pollsPerSecond.spread * 100, "%"),
                        ("CPU a poll", window.milliseconds.median, "ms"),
                        ("upstream's", window.upstreamMilliseconds.median, "ms"),
                    ]))
            rates.append(window.pollsPerSecond.median)
        }
        return rows + [
            Row("workers", "\(users) x \(items), two workers against one", [("ratio", rates[1] / rates[0], "")])
        ]
    }

    /// What clients see while everything is polled as fast as possible.
    @Sendable static func requestsMeanwhile(_ lab: Lab) async throws -> [Row] {
        try await withCrowd(lab, users: lab.size.users(200), items: 1_000) { service, keys, _ in
            try await settle(service, polls: keys.count)
            var rows: [Row] = []
            for (path, key) in [("/health", nil), ("/api/automation/rules", keys[0])] {
                let waits = try await Bystander.during(service, path: path, key: key) {
                    try await Task.sleep(for: .seconds(lab.size.isQuick ? 3 : 20))
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
    /// A poll every 1.8 s for each user, so that the machine can do something else meanwhile.
    @Sendable static func soak(_ lab: Lab) async throws -> [Row] {
        let minutes = lab.size.isQuick ? 5 : 60
        return try await withCrowd(lab, users: 400, items: 50, pace: 0.001) { service, keys, directory in
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

    /// The library stands still: the simulated clock does not move. Rules run every 0.18 s instead of every 30 minutes (the
    /// documented development setting), so that more is due than the machine can poll, as when everybody is due at once. Small
    /// libraries take 400 users for that: our own pace for a key lets 200 be polled 800 times a second, and the rest would be waiting.
    private static func unchanged(_ lab: Lab, users: Int, items: Int, upstreamDelay: Int? = nil) async throws -> Row {
        try await withCrowd(lab, users: users, items: items, upstreamDelay: upstreamDelay) { service, keys, _ in
            try await settle(service, polls: 2 * keys.count)
            let (watched, peak) = try await MemoryWatch.peak(of: service) {
                try await Bystander.during(service) { try await Windows(of: service, lab, polls: keys.count) }
            }
            let (cpu, rates) = (watched.value.milliseconds, watched.value.pollsPerSecond)
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
    private static func firstSeen(
        _ lab: Lab, users: Int, items: Int, rules: String = BenchRules.matchingSome
    ) async throws -> Row {
        try await lab.withDirectory { directory in
            let keys = lab.keys(users)
            // Registered against an empty TorBox, so that nothing of the library is known yet.
            let (nothing, empty) = try await lab.simulator(library: "empty")
            defer { nothing.killTree() }
            try await register(lab, directory, keys, empty, rules: rules)
            let (simulator, upstream) = try await lab.simulator(library: "\(items)", arguments: ["--speed", "0"])
            defer { simulator.killTree() }
            let settings = lab.settings(data: directory, simulator: upstream)
            let service = try await dueAtOnce(lab, directory, users: users, settings)
            defer { service.program.killTree() }
            let (cpu, before) = (service.cpuSeconds, try await service.successfulPolls())
            let began = ContinuousClock.now
            // Nobody asks for anything meanwhile: 20 requests a second would be a twentieth of what is counted.
            let (_, peak) = try await MemoryWatch.peak(of: service) {
                try await settle(service, polls: users, lookingEvery: .seconds(1))
            }
            let took = began.duration(to: .now).inSeconds
            let polls = try await service.successfulPolls() - before
            let actions = try await Simulator.effects(upstream)
            let row = Row(
                "first-seen", "\(users) x \(items), first seen, \(actions) actions",
                [
                    ("CPU a poll", (service.cpuSeconds - cpu) / Double(polls) * 1_000, "ms"), ("wall", took, "s"),
                    ("polls", Double(polls) / took, "/s"), ("peak PSS", peak, "MB"),
                ])
            try await service.stop()
            return row
        }
    }

    // MARK: Parts

    private static func withCrowd<Value: Sendable>(
        _ lab: Lab, users: Int, items: Int, workers: Int = 2, upstreamDelay: Int? = nil,
        pace: Double = 0.0001, _ body: @Sendable (RunningService, [String], String) async throws -> Value
    ) async throws -> Value {
        let (simulator, upstream) = try await lab.simulator(library: "\(items)", arguments: ["--speed", "0"])
        defer { simulator.killTree() }
        return try await lab.withDirectory { directory in
            var settings = lab.settings(data: directory, simulator: upstream, workers: workers)
            settings["NODE_ENV"] = "development"
            settings["DEV_INTERVAL_MULTIPLIER"] = "\(pace)"
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
        _ lab: Lab, _ directory: String, _ keys: [String], _ upstream: String, rules: String
    ) async throws {
        let service = try await lab.service(lab.settings(data: directory, simulator: upstream))
        defer { service.program.killTree() }
        try await service.register(keys, rules: rules)
        try await settle(service, polls: keys.count)
        try await service.stop()
    }

    /// A service that is up, and whose users are all due in a moment: what starting costs is another scenario's.
    private static func dueAtOnce(
        _ lab: Lab, _ directory: String, users: Int, _ settings: [String: String]
    ) async throws -> RunningService {
        let due = Date(timeIntervalSinceNow: 5 + Double(users) / 1_000)
        try StartScenario.makeDue(directory, at: due)
        let service = try await lab.service(settings)
        try await Task.sleep(for: .seconds(due.timeIntervalSinceNow - 0.3))
        return service
    }

    private static func settle(
        _ service: RunningService, polls: Int, lookingEvery pause: Duration = .milliseconds(100)
    ) async throws {
        let deadline = ContinuousClock.now.advanced(by: .seconds(600))
        while try await service.successfulPolls() < polls {
            guard ContinuousClock.now < deadline else {
                throw ChildProgram.Failure(description: "fewer than \(polls) polls in 600 s")
            }
            try await Task.sleep(for: pause)
        }
    }

    /// Three of them.
    private struct Windows {
        var milliseconds: [Double] = []
        var upstreamMilliseconds: [Double] = []
        var pollsPerSecond: [Double] = []

        init(of service: RunningService, _ lab: Lab, polls: Int) async throws {
            for _ in 0..<3 {
                let window = try await Window(of: service, lab, polls: polls)
                milliseconds.append(window.milliseconds)
                upstreamMilliseconds.append(window.upstreamMilliseconds)
                pollsPerSecond.append(window.pollsPerSecond)
            }
        }
    }

    /// Some seconds of steady polling, more when fewer than `polls` polls have ended by then.
    private struct Window {
        var milliseconds: Double
        /// Of the simulator, which shares the processors with what is measured.
        var upstreamMilliseconds: Double
        var pollsPerSecond: Double

        init(of service: RunningService, _ lab: Lab, polls: Int) async throws {
            let least = Duration.seconds(lab.size.isQuick ? 2 : 6)
            let simulators = Processes.tree(of: getpid()).filter {
                Processes.words(of: $0).first?.hasSuffix("torbox-simulator") == true
            }
            let upstream = Processes.cpuSeconds(of: simulators)
            let (began, cpu, before) = (ContinuousClock.now, service.cpuSeconds, try await service.successfulPolls())
            var after = before
            repeat {
                try await Task.sleep(for: .milliseconds(500))
                after = try await service.successfulPolls()
            } while began.duration(to: .now) < least
                || (after - before < polls && began.duration(to: .now) < .seconds(120))
            let count = Double(max(1, after - before))
            milliseconds = (service.cpuSeconds - cpu) / count * 1_000
            upstreamMilliseconds = (Processes.cpuSeconds(of: simulators) - upstream) / count * 1_000
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
                ("polls", Double(polls), ""), ("PSS before", before.pss, "MB"), ("PSS after", pss, "MB"),
                ("descriptors before", Double(before.descriptors), ""),
                ("descriptors after", Double(descriptors), ""),
                ("files before", Double(before.files), ""), ("files after", Double(files), ""),
            ]
        }
    }
}
