import Foundation

/// Start, memory, registration, recovery.
enum StartScenario {
    /// Nobody registered yet.
    @Sendable static func idle(_ lab: Lab) async throws -> [Row] {
        let (simulator, upstream) = try await lab.simulator(library: "empty")
        defer { simulator.killTree() }
        return try await lab.withDirectory { directory in
            let service = try await lab.service(lab.settings(data: directory, simulator: upstream, workers: 2))
            defer { service.program.killTree() }
            let rest = lab.size.isQuick ? 2.0 : 5.0
            try await Task.sleep(for: .seconds(rest))
            let (pss, cpu) = (service.pssMegabytes, service.cpuSeconds)
            try await Task.sleep(for: .seconds(rest))
            let row = Row(
                "idle", "no users, 2 workers and gateway",
                [
                    ("ready after", service.readyAfter.inMilliseconds, "ms"), ("PSS", pss, "MB"),
                    ("CPU", (service.cpuSeconds - cpu) / rest * 1_000, "ms/s"),
                ])
            try await service.stop()
            return [row]
        }
    }

    @Sendable static func registration(_ lab: Lab) async throws -> [Row] {
        let (simulator, upstream) = try await lab.simulator(library: "empty")
        defer { simulator.killTree() }
        return try await lab.withDirectory { directory in
            let service = try await lab.service(lab.settings(data: directory, simulator: upstream))
            defer { service.program.killTree() }
            let keys = lab.keys(lab.size.users(2_000))
            let before = service.cpuSeconds
            let took = try await service.register(keys, rules: BenchRules.matchingNothing)
            let row = Row(
                "register", "register a user with 3 rules",
                [
                    ("users", Double(keys.count) / took.inSeconds, "/s"),
                    ("CPU", (service.cpuSeconds - before) / Double(keys.count) * 1_000, "ms"),
                ])
            try await service.stop()
            return [row]
        }
    }

    /// From the start of the process with so many users, all of them overdue, to polls.
    @Sendable static func restart(_ lab: Lab) async throws -> [Row] {
        let (simulator, upstream) = try await lab.simulator(library: "empty")
        defer { simulator.killTree() }
        return try await lab.withDirectory { directory in
            let settings = lab.settings(data: directory, simulator: upstream)
            let keys = lab.keys(lab.size.users(5_000))
            let first = try await lab.service(settings)
            defer { first.program.killTree() }
            try await first.register(keys, rules: BenchRules.matchingNothing)
            try await first.stop()
            try makeDue(directory)
            let service = try await lab.service(settings)
            defer { service.program.killTree() }
            let began = ContinuousClock.now
            while try await service.successfulPolls() == 0, began.duration(to: .now) < .seconds(120) {
                try await Task.sleep(for: .milliseconds(2))
            }
            let polling = service.readyAfter + began.duration(to: .now)
            while try await service.successfulPolls() < keys.count, began.duration(to: .now) < .seconds(300) {
                try await Task.sleep(for: .milliseconds(50))
            }
            let all = service.readyAfter + began.duration(to: .now)
            let row = Row(
                "restart", "\(keys.count) users, all overdue",
                [
                    ("first answer", service.readyAfter.inMilliseconds, "ms"),
                    ("polling", polling.inMilliseconds, "ms"),
                    ("all polled", all.inSeconds, "s"), ("CPU", service.cpuSeconds, "s"),
                    ("PSS", service.pssMegabytes, "MB"),
                ])
            try await service.stop()
            return [row]
        }
    }

    /// kill -9 of a worker in the middle of polls: how long until all of its overdue users were polled again.
    @Sendable static func recovery(_ lab: Lab) async throws -> [Row] {
        let (simulator, upstream) = try await lab.simulator(library: "50", arguments: ["--speed", "0"])
        defer { simulator.killTree() }
        return try await lab.withDirectory { directory in
            let settings = lab.settings(data: directory, simulator: upstream)
            let keys = lab.keys(lab.size.users(1_000))
            let first = try await lab.service(settings)
            defer { first.program.killTree() }
            try await first.register(keys, rules: BenchRules.matchingNothing)
            try await first.stop()
            try makeDue(directory)
            let service = try await lab.service(settings)
            defer { service.program.killTree() }
            while try await service.successfulPolls() < keys.count / 10 { try await Task.sleep(for: .milliseconds(1)) }
            let victim = service.pids.first { Processes.words(of: $0).contains("--index") }
            guard let victim else { throw ChildProgram.Failure(description: "there is no worker to kill") }
            kill(victim, SIGKILL)
            let began = ContinuousClock.now
            // The worker that died takes its count with it; the registry knows.
            while try pending(directory) > 0, began.duration(to: .now) < .seconds(120) {
                try await Task.sleep(for: .milliseconds(50))
            }
            let row = Row(
                "recovery", "kill -9 of a worker amid \(keys.count) due users, until all are polled",
                [("recovered after", began.duration(to: .now).inSeconds, "s")])
            try await service.stop()
            return [row]
        }
    }

    /// Puts every user's schedule into the past, or at that moment, and has every rule forget that it was ever evaluated.
    static func makeDue(_ directory: String, at due: Date = Date(timeIntervalSince1970: 0.001)) throws {
        let milliseconds = Int64(due.timeIntervalSince1970 * 1_000)
        try SQLiteTool.run("UPDATE tbx_user SET next_due_ms = \(milliseconds)", on: directory + "/master.db")
        let files = try FileManager.default.contentsOfDirectory(atPath: directory + "/users")
            .filter { $0.hasSuffix(".sqlite") }
        try SQLiteTool.run(
            """
            UPDATE tbx_rule SET evaluated_ms = NULL, evaluated_revision = NULL;
            UPDATE automation_rules SET last_evaluated_at = NULL
            """, on: files.map { "\(directory)/users/\($0)" })
    }

    private static func pending(_ directory: String) throws -> Int {
        let text = try SQLiteTool.query(
            "SELECT count(*) FROM tbx_user WHERE next_due_ms IS NULL OR next_due_ms = 1", on: directory + "/master.db")
        return Int(text) ?? 0
    }
}
