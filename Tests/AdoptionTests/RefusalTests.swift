import DomainModel
import Foundation
import GRDB
import ServiceHarness
import StockFixture
import Testing
import TorBoxSimulator

/// What an adoption does not begin, and that nothing is changed then.
@Suite(.serialized) struct RefusalTests {
    private func isEmpty(_ adoption: Adoption) throws -> Bool {
        try FileManager.default.contentsOfDirectory(atPath: adoption.target.path).allSatisfy {
            $0 == "slots.lock" || $0 == "users"
        }
            && ((try? FileManager.default.contentsOfDirectory(atPath: "\(adoption.target.path)/users")) ?? []).isEmpty
    }

    @Test("a master key that opens nothing is refused before anything is done, and the user who was tried is named")
    func wrongKey() async throws {
        let adoption = try Adoption(.newest, users: 3, oddities: [.plain])
        let outcome = try await adoption.run(environment: ["ENCRYPTION_KEY": String(repeating: "5a", count: 32)])
        #expect(outcome.exitCode == 78)
        let tried = adoption.fixture.users.map(\.stockID).min() ?? ""
        #expect(
            outcome.errors.contains("opens none of the 3 stored API keys (tried user \(tried.prefix(8)) first)"),
            "\(outcome.errors)")
        #expect(try isEmpty(adoption))
        // The old key may be short, or a placeholder that nobody may run with: then it is given as the one before.
        let beside = try await adoption.run(environment: [
            "ENCRYPTION_KEY": String(repeating: "5a", count: 32), "ENCRYPTION_KEY_PREVIOUS": StockFixture.masterKey,
            "ENCRYPTION_SALT": "", "ENCRYPTION_SALT_PREVIOUS": StockFixture.salt,
        ])
        #expect(beside.exitCode == 0, "\(beside.errors)")
        #expect(beside.report["kinds"]?["key-renewed"]?.integerValue == 3, "\(beside.text)")
    }

    @Test("what is no stock data directory is refused, and so is our own")
    func wrongDirectory() async throws {
        let adoption = try Adoption(.newest, users: 2, oddities: [.plain])
        func refusal(_ directory: String, _ environment: [String: String] = [:]) async throws -> AdoptProcess.Outcome {
            try await AdoptProcess(
                ["--from", directory], environment: adoption.environment.merging(environment) { $1 },
                scratch: adoption.stock
            ).outcome()
        }
        let nothing = try await refusal("\(adoption.stock.path)/nowhere")
        #expect(nothing.exitCode == 78 && nothing.errors.contains("no file master.db"), "\(nothing.errors)")
        let same = try await refusal(adoption.fixture.directory, ["DATA_DIR": adoption.fixture.directory])
        #expect(same.exitCode == 78 && same.errors.contains("move the stock directory aside"), "\(same.errors)")
        #expect(try await adoption.run().exitCode == 0)
        let other = try adoption.elsewhere()
        let ours = try await refusal(adoption.target.path, ["DATA_DIR": other.target.path])
        #expect(ours.exitCode == 78 && ours.errors.contains("of this service already"), "\(ours.errors)")
        #expect(try isEmpty(other))
    }

    @Test("while the stock backend has its registry open nothing is begun")
    func stockRuns() async throws {
        let adoption = try Adoption(.newest, users: 2, oddities: [.plain])
        let stock = try DatabaseQueue(path: "\(adoption.fixture.directory)/master.db")
        _ = try await stock.read { db in try Int.fetchOne(db, sql: "SELECT count(*) FROM user_registry") }
        let outcome = try await adoption.run()
        #expect(outcome.exitCode == 75 && outcome.errors.contains("stop the stock backend"), "\(outcome.errors)")
        #expect(try isEmpty(adoption))
        try stock.close()
        #expect(try await adoption.run().exitCode == 0)
    }

    @Test("a file that somebody writes is left out and named, and comes along the next time")
    func fileInUse() async throws {
        let adoption = try Adoption(.newest, users: 2, oddities: [.plain])
        let file = try #require(adoption.fixture.users[0].file)
        let writer = try DatabaseQueue(path: file)
        _ = try await writer.read { db in try Int.fetchOne(db, sql: "SELECT count(*) FROM automation_rules") }
        let outcome = try await adoption.run()
        #expect(
            outcome.exitCode == 65 && outcome.report["kinds"]?["file-refused"]?.integerValue == 1, "\(outcome.text)")
        #expect(outcome.report["adopted"]?.integerValue == 1)
        try writer.close()
        let again = try await adoption.run()
        #expect(again.exitCode == 0 && again.report["adopted"]?.integerValue == 2, "\(again.errors)")
    }
}
