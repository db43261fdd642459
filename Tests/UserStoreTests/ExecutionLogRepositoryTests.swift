import DomainModel
import GRDB
import Testing
import UserStore

@Suite struct ExecutionLogRepositoryTests {
    private func fill(_ database: UserDatabase, _ count: Int) async throws {
        try await database.write { db in
            for number in 0..<count {
                let entry = NewExecution(
                    rule: RuleID(Int64(number % 2 + 1)), ruleName: "r", itemsProcessed: number, isSuccess: true,
                    at: .noon(Int64(number / 4)))
                _ = try ExecutionLogRepository.insert(db, entry)
            }
        }
    }

    @Test("the newest hundred of one rule, newest first, also within one second") func newest() async throws {
        try await withUserDatabase { database in
            try await fill(database, 300)
            let rows = try await database.read { try ExecutionLogRepository.newest($0, of: RuleID(1)) }
            #expect(rows.map(\.itemsProcessed) == Array(stride(from: 298, through: 100, by: -2)))
            #expect(rows.allSatisfy { $0.rule == RuleID(1) && $0.kind == "execution" })
            #expect(try await database.read { try ExecutionLogRepository.newest($0, of: RuleID(9)).isEmpty })
        }
    }

    @Test("pruning keeps the user's newest rows") func prune() async throws {
        try await withUserDatabase { database in
            try await fill(database, 50)
            let counts = try await database.write { db in
                [
                    try ExecutionLogRepository.prune(db, keeping: 50),
                    try ExecutionLogRepository.prune(db, keeping: 20),
                    try Int.fetchOne(db, sql: "SELECT min(items_processed) FROM rule_execution_log") ?? -1,
                ]
            }
            #expect(counts == [0, 30, 30])
        }
    }

    @Test("clearing takes one rule's rows only") func clear() async throws {
        try await withUserDatabase { database in
            try await fill(database, 10)
            #expect(try await database.write { try ExecutionLogRepository.clear($0, of: RuleID(1)) } == 5)
            #expect(try await database.read { try ExecutionLogRepository.newest($0, of: RuleID(2)).count } == 5)
        }
    }
}
