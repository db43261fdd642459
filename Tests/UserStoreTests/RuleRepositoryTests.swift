import DomainModel
import GRDB
import Testing
import UserStore

@Suite struct RuleRepositoryTests {
    @Test("new rules come back in posted order, with ids, times and texts exactly as given") func inserts() async throws
    {
        try await withUserDatabase { database in
            let odd = #"{ "_key" : "x", "groups":[ ] }"#
            let saved = try await database.save([
                .sample("B", conditions: odd, metadata: #"{"createdAt":1}"#),
                .sample("A", id: RuleID(999), isEnabled: false),
            ])
            #expect(saved.map(\.name) == ["B", "A"])
            #expect(saved.map(\.id) == [RuleID(1), RuleID(2)], "an unknown id is not taken over")
            #expect(saved[0].conditions == odd)
            #expect(saved[0].metadata == #"{"createdAt":1}"#)
            #expect(saved[0].isEnabled && !saved[1].isEnabled)
            #expect(saved[0].createdAt == .noon && saved[0].updatedAt == .noon)
            #expect(saved[0].revision == 1 && saved[0].executionCount == 0)
            #expect(saved[0].lastExecutedAt == nil && saved[0].lastEvaluatedAt == nil)
        }
    }

    @Test("the list is newest first") func order() async throws {
        try await withUserDatabase { database in
            let first = try await database.save([.sample("old")])
            try await database.save([.sample("old", id: first[0].id), .sample("n1"), .sample("n2")], at: .noon(60))
            #expect(try await database.rules().map(\.name) == ["n2", "n1", "old"])
        }
    }

    @Test("a known id is updated in place: id, creation time, counters and log stay") func updates() async throws {
        try await withUserDatabase { database in
            let id = try await database.save([.sample()])[0].id
            try await database.write { db in
                let entry = NewExecution(rule: id, ruleName: "Trim", itemsProcessed: 2, isSuccess: true, at: .noon(10))
                try RuleRepository.recordExecution(db, entry)
            }
            let saved = try await database.save([.sample("Renamed", id: id, minutes: 60)], at: .noon(60))
            #expect(saved.map(\.id) == [id])
            #expect(saved[0].name == "Renamed")
            #expect(saved[0].createdAt == .noon && saved[0].updatedAt == .noon(60))
            #expect(saved[0].executionCount == 1 && saved[0].lastExecutedAt == .noon(10))
            #expect(try await database.read { try ExecutionLogRepository.newest($0, of: id).count } == 1)
        }
    }

    @Test("rules that are not posted go, and their ids are never given again; their log stays") func deletes()
        async throws
    {
        try await withUserDatabase { database in
            let saved = try await database.save([.sample("a"), .sample("b")])
            try await database.write { db in
                for rule in saved {
                    let entry = NewExecution(
                        rule: rule.id, ruleName: rule.name, itemsProcessed: 1, isSuccess: true, at: .noon)
                    try RuleRepository.recordExecution(db, entry)
                }
            }
            let rest = try await database.save([.sample("a", id: saved[0].id), .sample("c")])
            #expect(rest.map(\.id) == [RuleID(1), RuleID(3)])
            #expect(
                try await database.read { try ExecutionLogRepository.newest($0, of: RuleID(2)).map(\.ruleName) } == [
                    "b"
                ])
            try await database.save([])
            #expect(try await database.rules().isEmpty)
            let left = try await database.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM tbx_rule") }
            #expect(left == 0)
        }
    }

    @Test("one id posted twice updates the first and adds the second") func duplicateIDs() async throws {
        try await withUserDatabase { database in
            let id = try await database.save([.sample("a")])[0].id
            let saved = try await database.save([.sample("b", id: id), .sample("copy", id: id)])
            #expect(saved.map(\.name) == ["b", "copy"])
            #expect(saved.map(\.id) == [id, RuleID(2)])
        }
    }

    @Test("a save that fails changes nothing at all") func wholeOrNothing() async throws {
        struct Refusal: Error {}
        try await withUserDatabase { database in
            let before = try await database.save([.sample("a"), .sample("b")])
            await #expect(throws: Refusal.self) {
                try await database.write { db in
                    _ = try RuleRepository.replaceAll(db, with: [.sample("c")], now: .noon(60))
                    throw Refusal()
                }
            }
            #expect(try await database.rules() == before.reversed())
        }
    }

    @Test("the revision rises with what a rule does, and only with that") func revision() async throws {
        try await withUserDatabase { database in
            let id = try await database.save([.sample()])[0].id
            let steps: [(RuleDraftRow, Int64, Comment)] = [
                (.sample(id: id), 1, "nothing"),
                (.sample("Renamed", id: id, metadata: "{}"), 1, "name and metadata"),
                (
                    .sample("Renamed", id: id, conditions: #"{"groups": [], "logicOperator":"and"}"#), 1,
                    "spacing and order"
                ),
                (
                    .sample(id: id, conditions: #"{"_key":"7","groups":[],"logicOperator":"and"}"#), 1,
                    "the editor's own keys"
                ),
                (.sample(id: id, minutes: 60), 2, "the trigger"),
                (.sample(id: id, minutes: 60, action: #"{"type":"add_tag","tagIds":[1]}"#), 3, "the action"),
                (.sample(id: id, minutes: 60, conditions: "[]"), 4, "conditions and action"),
                (.sample(id: id, isEnabled: false, minutes: 60, conditions: "[]"), 5, "switched off"),
                (.sample(id: id, isEnabled: true, minutes: 60, conditions: "[]"), 6, "switched on"),
            ]
            for (index, (draft, revision, what)) in steps.enumerated() {
                let saved = try await database.save([draft], at: .noon(Int64(index)))
                #expect(saved[0].revision == revision, what)
            }
            var last = RuleDraftRow.sample(id: id, minutes: 60, conditions: "[]")
            last.assetTypes = #"["torrent","usenet"]"#
            let saved = try await database.save([last], at: .noon(99))
            #expect(saved[0].revision == 7)
            #expect(saved[0].changedAt == .noon(99))
        }
    }

    @Test("switching off with a reason keeps it until somebody switches on") func disabledReason() async throws {
        try await withUserDatabase { database in
            let id = try await database.save([.sample()])[0].id
            try await database.write { db in
                let wasThere = try RuleRepository.setEnabled(
                    db, id, false, reason: "its tag was deleted", now: .noon(1))
                let wasStrangerThere = try RuleRepository.setEnabled(db, RuleID(99), false, now: .noon(1))
                let hasEnabled = try RuleRepository.hasEnabled(db)
                #expect(wasThere && !wasStrangerThere && !hasEnabled)
            }
            var rule = try #require(try await database.rules().first)
            #expect(!rule.isEnabled && rule.revision == 2 && rule.disabledReason == "its tag was deleted")
            rule = try await database.save([.sample("Renamed", id: id, isEnabled: false)])[0]
            #expect(rule.disabledReason == "its tag was deleted")
            try await database.write { db in
                try RuleRepository.setEnabled(db, id, true, now: .noon(2))
                try RuleRepository.setEnabled(db, id, true, now: .noon(3))
            }
            rule = try #require(try await database.rules().first)
            #expect(rule.isEnabled && rule.revision == 3 && rule.disabledReason == nil && rule.changedAt == .noon(2))
        }
    }

    @Test("attention is kept until the rule does something else") func attention() async throws {
        try await withUserDatabase { database in
            let id = try await database.save([.sample()])[0].id
            try await database.write { try RuleRepository.setAttention($0, id, "unknown operator", now: .noon) }
            #expect(try await database.save([.sample("Renamed", id: id)])[0].attention == "unknown operator")
            #expect(try await database.save([.sample(id: id, minutes: 45)])[0].attention == nil)
        }
    }

    @Test("evaluation is recorded in stock's column and in ours") func evaluated() async throws {
        try await withUserDatabase { database in
            let id = try await database.save([.sample()])[0].id
            let moment = Timestamp(milliseconds: Timestamp.noon.milliseconds + 1_234)
            try await database.write { db in
                try RuleRepository.markEvaluated(db, [(id, 1), (RuleID(99), 1)], at: moment)
            }
            let rule = try #require(try await database.rules().first)
            #expect(rule.lastEvaluatedAt == .noon(1))
            #expect(rule.evaluatedAt == moment && rule.evaluatedRevision == 1 && rule.revision == 1)
        }
    }

    @Test("a rule that stock wrote is read with its defaults, and can be changed by us") func stockRule() async throws {
        try await withUserDatabase { database in
            try await database.write { db in
                try db.execute(
                    sql: """
                        INSERT INTO automation_rules(id, name, enabled, trigger_config, conditions, action_config, execution_count,
                            created_at, updated_at, last_executed_at)
                        VALUES (5, 'old', NULL, '{}', '[]', 'null', NULL, '2026-08-20T10:00:00.000Z', 20260821, 'nonsense')
                        """)
                try RuleRepository.markEvaluated(db, [(RuleID(5), 1)], at: .noon(5))
            }
            let rule = try #require(try await database.rules().first)
            #expect(rule.isEnabled && rule.executionCount == 0 && rule.createdAt == .noon && rule.updatedAt == .noon)
            #expect(rule.lastExecutedAt == nil && rule.revision == 1 && rule.assetTypes == #"["torrent"]"#)
            let changed = try await database.save([.sample(id: RuleID(5))])
            #expect(changed[0].revision == 2)
        }
    }

    @Test("a failed evaluation is logged without counting as an execution") func failedEvaluation() async throws {
        try await withUserDatabase { database in
            let id = try await database.save([.sample()])[0].id
            try await database.write { db in
                let entry = NewExecution(
                    rule: id, ruleName: "Trim", itemsProcessed: 0, isSuccess: false, errorMessage: "odd", at: .noon)
                try RuleRepository.recordExecution(db, entry, countsAsExecution: false)
            }
            #expect(try await database.rules()[0].executionCount == 0)
            let log = try await database.read { try ExecutionLogRepository.newest($0, of: id) }
            #expect(log.map(\.errorMessage) == ["odd"] && log.map(\.isSuccess) == [false])
        }
    }
}
