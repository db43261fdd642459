import DomainModel
import Foundation
import GRDB
import Registry
import ServiceHarness
import StockFixture
import Testing

/// `worker adopt` on directories as the stock backend left them, with every oddity.
@Suite(.serialized) struct AdoptionTests {
    @Test(
        "200 users of every schema are adopted, counted and compared cell by cell, and the source is not touched",
        arguments: StockSchema.allCases)
    func everything(schema: StockSchema) async throws {
        let adoption = try Adoption(schema, users: 200)
        let before = try Adoption.contents(of: adoption.fixture.directory)
        let outcome = try await adoption.run()
        #expect(outcome.exitCode == 65, "some users cannot be adopted: \(outcome.errors)")
        #expect(try Adoption.contents(of: adoption.fixture.directory) == before)
        #expect(ReportComparison.differences(outcome.report, adoption.fixture) == [])
        let registry = try await SQLiteRegistry.open(path: "\(adoption.target.path)/master.db")
        let users = try await RegistryComparison.users(in: registry)
        try await registry.close()
        #expect(try RegistryComparison.differences(users, adoption.fixture) == [])
        var compared = 0
        for user in adoption.fixture.users {
            let path = adoption.file(of: user)
            let isWanted = user.file != nil && (user.fate == .adopted || user.fate == .fileOnly)
            #expect(FileManager.default.fileExists(atPath: path) == isWanted, "\(user.oddity) \(user.number)")
            guard isWanted else { continue }
            compared += 1
            let differences = try RowComparison.differences(user, adopted: path, scratch: adoption.stock)
            #expect(differences == [], "\(user.oddity) \(user.number)")
            try Self.checkRules(user, path)
            for (relative, content) in user.expectation.uploads {
                let data = FileManager.default.contents(atPath: "\(adoption.target.path)/uploads/\(relative)")
                #expect(data.map { String(decoding: $0, as: UTF8.self) } == content, "\(relative)")
            }
        }
        #expect(compared > 150)
    }

    /// Whom it switched off it says why, and everything else it left switched on.
    private static func checkRules(_ user: FixtureUser, _ path: String) throws {
        let queue = try DatabaseQueue(path: path)
        defer { try? queue.close() }
        let rows = try queue.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT r.id, r.cooldown_minutes, r.asset_types, t.disabled_reason,
                        (SELECT count(*) FROM rule_execution_log l WHERE l.rule_id = r.id AND l.executed_at > '2026-06') AS logged
                    FROM automation_rules r LEFT JOIN tbx_rule t ON t.rule_id = r.id
                    """)
        }
        for row in rows {
            let id: Int64 = row["id"]
            let reason = row["disabled_reason"] as String?
            if let words = user.expectation.switchedOff[id] {
                #expect(reason?.contains(words) == true, "\(user.oddity) rule \(id): \(reason ?? "no reason")")
            } else {
                #expect(reason == nil, "\(user.oddity) rule \(id)")
            }
            #expect(row["logged"] as Int == user.expectation.logged[id] ?? 0, "\(user.oddity) rule \(id)")
            #expect(row["cooldown_minutes"] as Int == 0)
            #expect(row["asset_types"] as String == #"["torrent"]"#)
        }
    }

    @Test("a dry run finds the same and leaves nothing")
    func dryRun() async throws {
        let adoption = try Adoption(.newest, users: StockOddity.allCases.count)
        let dry = try await adoption.run(["--dry-run"])
        #expect(dry.exitCode == 65 && dry.report["isDryRun"]?.boolValue == true, "\(dry.errors)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: adoption.target.path) == [])
        let left = try FileManager.default.contentsOfDirectory(atPath: adoption.stock.path)
        #expect(left.filter { $0.hasPrefix("torbox-adopt") } == [])
        let real = try await adoption.run()
        for key in ["findings", "kinds", "rows", "rules", "enabledRules", "adopted", "uploadFiles"] {
            #expect(dry.report[key] == real.report[key], "\(key)")
        }
    }

    @Test("into PostgreSQL the same users go as into the embedded registry")
    func postgres() async throws {
        let embedded = try Adoption(.newest, users: StockOddity.allCases.count)
        let served = try embedded.elsewhere()
        let url = try await PostgresServer.shared.value.newDatabase()
        #expect(try await embedded.run().exitCode == 65)
        let outcome = try await served.run(environment: ["DATABASE_URL": url])
        #expect(outcome.exitCode == 65, "\(outcome.errors)")
        #expect(!FileManager.default.fileExists(atPath: "\(served.target.path)/master.db"))
        let registries: [any UserRegistry] = [
            try await SQLiteRegistry.open(path: "\(embedded.target.path)/master.db"),
            PostgresRegistry(PostgresSettings(url: url), logger: .quiet),
        ]
        var known: [[RegisteredUser]] = []
        for registry in registries {
            let users = try await RegistryComparison.users(in: registry)
            #expect(try RegistryComparison.differences(users, embedded.fixture) == [])
            known.append(
                users.map { user in
                    var user = user
                    // Encrypted anew in each, and each in a directory of its own.
                    user.encryptedKey = nil
                    user.databasePath = ""
                    return user
                })
            try await registry.close()
        }
        #expect(known[0] == known[1] && known[0].count > 15)
    }

    @Test("who is here already stays as they are")
    func alreadyHere() async throws {
        let adoption = try Adoption(.newest, users: 3, oddities: [.plain])
        let users = adoption.fixture.users
        try FileManager.default.createDirectory(
            atPath: "\(adoption.target.path)/users", withIntermediateDirectories: true)
        let mine = Data("mine".utf8)
        try mine.write(to: URL(fileURLWithPath: adoption.file(of: users[0])))
        let registry = try await SQLiteRegistry.open(path: "\(adoption.target.path)/master.db")
        try await registry.migrate(now: Timestamp(milliseconds: 0))
        let id = try #require(UserID(users[1].id))
        let cipher = try KeyCipher(key: StockFixture.masterKey, salt: StockFixture.salt)
        try await registry.register(
            NewUser(
                id: id, encryptedKey: cipher.encrypt(APIKey(users[1].apiKey)), keyName: "of here",
                databasePath: "/here",
                at: Timestamp(milliseconds: 1_000)))
        try await registry.close()
        let outcome = try await adoption.run()
        #expect(outcome.exitCode == 65)
        #expect(outcome.report["kinds"]?["already-here"]?.integerValue == 2, "\(outcome.text)")
        #expect(FileManager.default.contents(atPath: adoption.file(of: users[0])) == mine)
        let after = try await SQLiteRegistry.open(path: "\(adoption.target.path)/master.db")
        let known = try await RegistryComparison.users(in: after)
        try await after.close()
        #expect(Set(known.map(\.id.hex)) == [users[1].id, users[2].id])
        #expect(known.first { $0.id == id }?.keyName == "of here")
    }
}
