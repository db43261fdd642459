import DomainModel
import Foundation
import GRDB
import Registry
import ServiceHarness
import StockFixture
import Testing

/// An adoption that is killed, and run again.
@Suite(.serialized) struct InterruptionTests {
    /// Repeats exactly.
    private struct Dice: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 29)
        }
    }

    @Test("killed at 20 random points, the second run ends in the state of one that nothing interrupted")
    func killed() async throws {
        let whole = try Adoption(.middle, users: StockOddity.allCases.count)
        let undisturbed = try await whole.run()
        #expect(undisturbed.exitCode == 65, "\(undisturbed.errors)")
        let wanted = try await State(whole, undisturbed)
        let total = wanted.files.count
        var dice = Dice(state: 20_261_126)
        var killed = 0
        for trial in 0..<20 {
            let adoption = try whole.elsewhere()
            // So many files in their places, and then a moment more: within a copy, a conversion, a registration.
            let files = Int.random(in: 0...total, using: &dice)
            let moment = Int.random(in: 0...60_000, using: &dice)
            let process = try adoption.start()
            let users = "\(adoption.target.path)/users"
            _ = try await eventually(within: .seconds(60), every: .milliseconds(1)) {
                if !process.isRunning { return true }
                // Before the first there is no directory yet.
                let names = (try? FileManager.default.contentsOfDirectory(atPath: users)) ?? []
                return names.count { $0.hasSuffix(".sqlite") } >= files
            }
            try await Task.sleep(for: .microseconds(moment))
            process.kill()
            if try await process.outcome().exitCode == SIGKILL { killed += 1 }
            let second = try await adoption.run()
            #expect(second.exitCode == 65, "trial \(trial): \(second.errors)")
            let state = try await State(adoption, second)
            #expect(state.registry == wanted.registry, "trial \(trial)")
            #expect(state.report == wanted.report, "trial \(trial)")
            #expect(state.leftovers == [], "trial \(trial)")
            #expect(Set(state.files.keys) == Set(wanted.files.keys), "trial \(trial)")
            for (name, content) in wanted.files where state.files[name] != content {
                Issue.record("trial \(trial): \(name) is another")
            }
        }
        #expect(killed >= 10, "most runs were killed before they ended")
    }

    @Test("run again after its end it does nothing and says the same")
    func again() async throws {
        let adoption = try Adoption(.newest, users: StockOddity.allCases.count)
        let first = try await adoption.run()
        let state = try await State(adoption, first)
        let before = try Adoption.contents(of: "\(adoption.target.path)/users")
        let second = try await adoption.run()
        #expect(second.exitCode == first.exitCode)
        #expect(second.report["doneBefore"]?.integerValue ?? 0 > 20)
        let after = try await State(adoption, second)
        #expect(after.registry == state.registry && after.report == state.report)
        #expect(try Adoption.contents(of: "\(adoption.target.path)/users") == before)
    }

    /// What an adoption leaves, without what depends on the moment: times of our own, random initialisation vectors.
    private struct State {
        var registry: [RegisteredUser]
        var report: JSONValue
        /// User files as text, and upload files.
        var files: [String: String]
        var leftovers: [String]

        init(_ adoption: Adoption, _ outcome: AdoptProcess.Outcome) async throws {
            let opened = try await SQLiteRegistry.open(path: "\(adoption.target.path)/master.db")
            let cipher = try KeyCipher(key: StockFixture.masterKey, salt: StockFixture.salt)
            registry = try await RegistryComparison.users(in: opened).map { user in
                var user = user
                user.encryptedKey = try user.encryptedKey.map { try cipher.decrypt($0).revealed }
                user.databasePath = String(user.databasePath.dropFirst(adoption.target.path.count))
                return user
            }
            try await opened.close()
            var members = outcome.report.objectValue ?? [:]
            for key in ["seconds", "peakMemoryMebibytes", "doneBefore"] { members[key] = nil }
            report = .object(members)
            files = [:]
            for name in try FileManager.default.contentsOfDirectory(atPath: "\(adoption.target.path)/users")
            where name.hasSuffix(".sqlite") {
                files[name] = try Self.text(of: "\(adoption.target.path)/users/\(name)")
            }
            let uploads = try Adoption.contents(of: "\(adoption.target.path)/uploads")
            for (name, data) in uploads { files["uploads/\(name)"] = String(decoding: data, as: UTF8.self) }
            let names = Array(try Adoption.contents(of: adoption.target.path).keys)
            leftovers = names.filter { $0.contains(".adopting") || $0.contains(".new-") }.sorted()
        }

        private static let volatile: Set<String> = [
            "applied_at", "applied_ms", "changed_ms", "updated_at", "executed_at", "encrypted_api_key",
        ]

        private static func text(of path: String) throws -> String {
            let queue = try DatabaseQueue(path: path)
            defer { try? queue.close() }
            return try queue.read { db in
                let tables = try String.fetchAll(
                    db, sql: "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
                return try tables.map { table in
                    let columns = try db.columns(in: table).map(\.name).filter { !volatile.contains($0) }
                    let list = columns.map { "quote(\"\($0)\")" }.joined(separator: " || '|' || ")
                    let rows = try String.fetchAll(db, sql: "SELECT \(list) FROM \(table) ORDER BY 1")
                    return "\(table)\n\(rows.joined(separator: "\n"))"
                }.joined(separator: "\n")
            }
        }
    }
}
