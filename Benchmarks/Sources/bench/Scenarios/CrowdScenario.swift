import Foundation

/// 100,000 registered users, most of them idle: start, memory, and 20,000 who become due within a minute.
enum CrowdScenario {
    @Sendable static func run(_ lab: Lab) async throws -> [Row] {
        let (simulator, upstream) = try await lab.simulator(library: "empty")
        defer { simulator.killTree() }
        return try await lab.withDirectory { directory in
            let settings = lab.settings(data: directory, simulator: upstream)
            let real = lab.keys(lab.size.users(2_000))
            let first = try await lab.service(settings)
            defer { first.program.killTree() }
            try await first.register(real, rules: BenchRules.matchingNothing)
            try await first.stop()
            let (crowd, due) = (lab.size.isQuick ? 20_000 : 100_000, lab.size.isQuick ? 2_000 : 20_000)
            try multiply(directory, to: crowd, due: due)
            let service = try await lab.service(settings)
            defer { service.program.killTree() }
            let (began, cpu) = (ContinuousClock.now, service.cpuSeconds)
            let pss = service.pssMegabytes
            var polls = 0
            while began.duration(to: .now) < .seconds(180), polls < due {
                try await Task.sleep(for: .milliseconds(100))
                polls = try await service.successfulPolls()
            }
            let took = began.duration(to: .now).inSeconds
            let rows = [
                Row(
                    "crowd", "\(crowd) users registered, restart",
                    [("first answer", service.readyAfter.inSeconds, "s"), ("PSS", pss, "MB")]),
                Row(
                    "crowd", "\(due) of them due at once",
                    [
                        ("wall", took, "s"), ("polls", Double(polls) / took, "/s"),
                        ("CPU a poll", (service.cpuSeconds - cpu) / Double(max(1, polls)) * 1_000, "ms"),
                        ("PSS", service.pssMegabytes, "MB"),
                    ]),
            ]
            try await service.stop()
            return rows
        }
    }

    /// Adds registry rows that share the encrypted keys of real users, so that they can be polled; their files are made
    /// at first use. `due` of them are due now with a rule, by a copy of a real user's file; the others are idle.
    private static func multiply(_ directory: String, to crowd: Int, due: Int) throws {
        try StartScenario.makeDue(directory)
        try SQLiteTool.run(
            """
            BEGIN;
            CREATE TEMP TABLE model AS
                SELECT row_number() OVER () - 1 AS nr, auth_id FROM user_registry ORDER BY auth_id;
            CREATE TEMP TABLE fresh AS
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(crowd))
                SELECT i, lower(hex(randomblob(32))) AS auth_id, i % (SELECT count(*) FROM model) AS nr FROM n
                LIMIT \(crowd) - (SELECT count(*) FROM model);
            INSERT INTO user_registry(auth_id, db_path, status, has_active_rules)
                SELECT auth_id, '\(directory)/users/user_' || auth_id || '.sqlite', 'active', i <= \(due) FROM fresh;
            INSERT INTO api_keys(auth_id, encrypted_key, key_name, is_active)
                SELECT f.auth_id, k.encrypted_key, 'crowd', 1 FROM fresh f JOIN model m ON m.nr = f.nr
                JOIN api_keys k ON k.auth_id = m.auth_id;
            INSERT INTO tbx_user(auth_id, next_due_ms, created_ms)
                SELECT auth_id, CASE WHEN i <= \(due) THEN 1 ELSE 253402300799000 END, 1 FROM fresh;
            COMMIT;
            """, on: directory + "/master.db")
        let files = try FileManager.default.contentsOfDirectory(atPath: directory + "/users")
            .filter { $0.hasSuffix(".sqlite") }
        let model = directory + "/users/" + (files.first ?? "")
        try SQLiteTool.run("PRAGMA wal_checkpoint(TRUNCATE)", on: model)
        let ids = try SQLiteTool.query(
            "SELECT auth_id FROM user_registry JOIN tbx_user USING(auth_id) WHERE has_active_rules AND next_due_ms = 1",
            on: directory + "/master.db"
        ).split(separator: "\n")
        for id in ids {
            let path = directory + "/users/user_\(id).sqlite"
            guard !FileManager.default.fileExists(atPath: path) else { continue }
            try FileManager.default.copyItem(atPath: model, toPath: path)
        }
    }
}
