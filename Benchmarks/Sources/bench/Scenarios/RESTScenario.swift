import Foundation

/// The REST matrix: one user, 40, 200 and 1,000 users; 1, 16 and 64 connections.
enum RESTScenario {
    private struct Case: Sendable {
        var name: String
        var question: Wrk.Question
        var users: Int
        /// Also measured when only minutes are to be spent: one of each kind.
        var isHeadline = false
    }

    @Sendable static func run(_ lab: Lab) async throws -> [Row] {
        let (simulator, upstream) = try await lab.simulator(library: "empty")
        defer { simulator.killTree() }
        return try await lab.withDirectory { directory in
            let keys = lab.keys(lab.size.users(1_000, least: 200))
            let settings = lab.settings(data: directory, simulator: upstream)
            try await prepare(lab, settings, keys, directory)
            let service = try await lab.service(settings)
            defer { service.program.killTree() }
            var rows: [Row] = []
            for test in try await cases(service, keys) where test.isHeadline || !lab.size.isQuick {
                for connections in lab.size.isQuick ? [16] : [1, 16, 64] {
                    let keys = Array(keys.prefix(test.users))
                    rows.append(try await measure(test, keys, connections, service, lab, directory))
                }
            }
            try await service.stop()
            return rows
        }
    }

    /// Users with three rules, 100 log rows and 60 archived downloads each.
    private static func prepare(_ lab: Lab, _ settings: [String: String], _ keys: [String], _ directory: String)
        async throws
    {
        let service = try await lab.service(settings)
        defer { service.program.killTree() }
        try await service.register(keys, rules: BenchRules.matchingNothing)
        try await service.stop()
        let files = try FileManager.default.contentsOfDirectory(atPath: directory + "/users")
            .filter { $0.hasSuffix(".sqlite") }
        try SQLiteTool.run(history, on: files.map { "\(directory)/users/\($0)" })
    }

    private static let history = """
        BEGIN;
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
        INSERT INTO rule_execution_log(rule_id, rule_name, execution_type, items_processed, success, executed_at)
        SELECT (SELECT min(id) FROM automation_rules), 'ratio', 'execution', i % 7, 1,
            datetime('now', '-' || i || ' minutes') FROM n;
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)
        INSERT INTO archived_downloads(torrent_id, hash, tracker, name, archived_at)
        SELECT 100000 + i, lower(hex(randomblob(20))), 'https://tracker.invalid/announce', 'Archived download ' || i,
            datetime('now', '-' || i || ' hours') FROM n;
        COMMIT
        """

    private static func cases(_ service: RunningService, _ keys: [String]) async throws -> [Case] {
        let text = try await service.send("GET", "/api/automation/rules", key: keys[0]).text
        let document = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        let ids = (document?["rules"] as? [[String: Any]] ?? []).compactMap { $0["id"] as? Int }
        guard let rule = ids.min() else { throw ChildProgram.Failure(description: "no rules: \(text.prefix(200))") }
        let rules = Wrk.Question(path: "/api/automation/rules")
        let put = Wrk.Question(
            method: "PUT", path: "/api/automation/rules/\(rule)",
            bodies: [#"{"enabled":false}"#, #"{"enabled":true}"#])
        let archived = Wrk.Question(path: "/api/archived-downloads")
        return [
            Case(name: "GET /health", question: Wrk.Question(path: "/health"), users: 1, isHeadline: true),
            Case(name: "GET rules, one user", question: rules, users: 1),
            Case(name: "GET rules, 40 users", question: rules, users: 40),
            Case(name: "GET rules, 200 users", question: rules, users: 200, isHeadline: true),
            Case(name: "GET rules, all users", question: rules, users: keys.count),
            Case(
                name: "GET logs (100 rows), one user",
                question: Wrk.Question(path: "/api/automation/rules/\(rule)/logs"), users: 1),
            Case(name: "GET archived, one user", question: archived, users: 1),
            Case(name: "GET archived, 200 users", question: archived, users: 200, isHeadline: true),
            Case(name: "PUT rule, one user", question: put, users: 1),
            Case(name: "PUT rule, 200 users", question: put, users: 200, isHeadline: true),
            Case(
                name: "POST rules, 200 users",
                question: Wrk.Question(
                    method: "POST", path: "/api/automation/rules", bodies: [BenchRules.matchingNothing]), users: 200),
        ]
    }

    private static func measure(
        _ test: Case, _ keys: [String], _ connections: Int, _ service: RunningService, _ lab: Lab, _ directory: String
    ) async throws -> Row {
        let wrk = Wrk(url: service.url, keys: keys, question: test.question)
        _ = try await wrk.run(connections: connections, seconds: 1, in: directory)
        var (rates, tails, cpu) = ([Double](), [Double](), [Double]())
        var errors = 0
        for _ in 0..<lab.size.repeats {
            let before = service.cpuSeconds
            let result = try await wrk.run(connections: connections, seconds: lab.size.wrkSeconds, in: directory)
            cpu.append((service.cpuSeconds - before) / max(1, result.requests) * 1e6)
            rates.append(result.requestsPerSecond)
            tails.append(result.p99Milliseconds)
            errors += result.errors
        }
        return Row(
            "rest", "\(test.name), c=\(connections)",
            [
                ("requests", rates.median, "/s"), ("p99", tails.median, "ms"), ("CPU", cpu.median, "µs"),
                ("spread", rates.spread * 100, "%"), ("errors", Double(errors), ""),
            ])
    }
}
