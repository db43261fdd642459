import DomainModel
import GRDB
import Registry
import Storage
import Testing

/// What only the SQLite registry has: a file that stock and other workers share.
@Suite struct SQLiteRegistryTests {
    private func sql(_ path: String, _ sql: String) throws -> [String] {
        let queue = try DatabaseFile.open(path: path, kind: .registry)
        return try queue.inDatabase { db in try String.fetchAll(db, sql: sql) }
    }

    @Test("a path may carry stock's scheme") func scheme() async throws {
        try await withTemporaryFolder { folder in
            let registry = try await SQLiteRegistry.open(path: "sqlite://\(folder)/master.db")
            try await registry.migrate(now: .noon)
            try await registry.close()
            #expect(PrivateFiles.exists("\(folder)/master.db"))
        }
    }

    @Test("rows that stock wrote are read with its defaults and its time formats") func stockRows() async throws {
        try await withTemporaryFolder { folder in
            let path = "\(folder)/master.db"
            let registry = try await SQLiteRegistry.open(path: path)
            try await registry.migrate(now: .noon)
            let (first, second) = (UserID.sample("aa").hex, UserID.sample("bb").hex)
            _ = try sql(
                path,
                """
                INSERT INTO user_registry(auth_id, db_path, status, has_active_rules, last_seen_at, created_at) VALUES
                    ('\(first)', 'a', NULL, 1, '2026-08-20T10:00:00.000Z', '2026-08-20T10:00:00Z'),
                    ('\(second)', 'b', 'suspended', NULL, NULL, NULL), ('not-an-id', 'c', 'active', 1, NULL, NULL)
                """)
            _ = try sql(path, "INSERT INTO api_keys(auth_id, encrypted_key, is_active) VALUES ('\(first)', 'k', NULL)")
            // Its spellings of no time; the first is a number in a DATETIME column.
            _ = try sql(path, "UPDATE user_registry SET next_upload_attempt_at = '0' WHERE auth_id = '\(first)'")
            _ = try sql(path, "UPDATE user_registry SET next_upload_attempt_at = '' WHERE auth_id = '\(second)'")
            let users = try await registry.users(in: .all)
            try #require(users.map(\.id) == [.sample("aa"), .sample("bb")])
            #expect(users.allSatisfy { $0.uploads == UploadBacklog() })
            #expect(users[0].isActive && users[0].hasActiveRules)
            #expect(users[0].lastSeen == .noon && users[0].createdAt == .noon)
            #expect(users[0].nextDue == nil, "adopted users are due now")
            #expect(users[1].status == .inactive)
            #expect(!users[1].isKeyActive, "without a key nothing is active")
            #expect(!users[1].hasActiveRules)
        }
    }

    @Test("a user removed by us is gone from stock's queue too, and moves of presence keep the one before")
    func stockColumns() async throws {
        try await withTemporaryFolder { folder in
            let path = "\(folder)/master.db"
            let registry = try await SQLiteRegistry.open(path: path)
            try await registry.migrate(now: .noon)
            try await registry.register(.sample("aa"))
            try await registry.touch(lastSeen: [.sample("aa"): .noon])
            try await registry.touch(lastSeen: [.sample("aa"): Timestamp.noon.advanced(bySeconds: 60)])
            let seen = try sql(path, "SELECT prev_last_seen_at || ' then ' || last_seen_at FROM user_registry")
            #expect(seen == ["2026-08-20 10:00:00 then 2026-08-20 10:01:00"])
            _ = try sql(
                path, "INSERT INTO pending_actions(auth_id, payload) VALUES ('\(UserID.sample("aa").hex)', '{}')")
            try await registry.remove(.sample("aa"))
            #expect(try sql(path, "SELECT count(*) FROM pending_actions") == ["0"])
            #expect(try sql(path, "SELECT count(*) FROM api_keys") == ["0"])
            #expect(try sql(path, "SELECT count(*) FROM tbx_user") == ["0"])
        }
    }

    @Test("two workers write the same file without losing anything") func twoWorkers() async throws {
        try await withTemporaryFolder { folder in
            let path = "\(folder)/master.db"
            let workers = [try await SQLiteRegistry.open(path: path), try await SQLiteRegistry.open(path: path)]
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (index, worker) in workers.enumerated() {
                    group.addTask {
                        try await worker.migrate(now: .noon)
                        for number in 0..<50 {
                            let prefix = "\(index == 0 ? "0" : "f")\(String(number + 256, radix: 16))"
                            try await worker.register(.sample(prefix))
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await workers[0].countActive(in: .all) == 100)
            #expect(try await workers[1].users(in: Slot(0xf0)...Slot(0xff)).count == 50)
        }
    }

    @Test("slots are found by the primary key, not by reading every row") func queryPlan() async throws {
        try await withTemporaryFolder { folder in
            let path = "\(folder)/master.db"
            let registry = try await SQLiteRegistry.open(path: path)
            try await registry.migrate(now: .noon)
            let queue = try DatabaseFile.open(path: path, kind: .registry)
            let plan = try queue.inDatabase { db in
                try Row.fetchAll(db, sql: "EXPLAIN QUERY PLAN \(SQLiteRegistry.usersQuery)", arguments: ["00", "80"])
                    .map { $0["detail"] as String }
            }
            #expect(plan.allSatisfy { $0.hasPrefix("SEARCH") }, "\(plan)")
            #expect(plan.first?.contains("(auth_id>? AND auth_id<?)") == true, "\(plan)")
        }
    }
}
