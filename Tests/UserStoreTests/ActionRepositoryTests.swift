import DomainModel
import GRDB
import Testing

@testable import UserStore

@Suite struct ActionRepositoryTests {
    /// A database with rule 1 at revision 1, and these actions in the journal.
    private func withJournal(
        _ actions: [NewAction], _ body: (UserDatabase, [Int64]) async throws -> Void
    ) async throws {
        try await withUserDatabase { database in
            try await database.save([.sample()])
            let ids = try await database.write { try ActionRepository.insert($0, actions, at: .noon) }
            try await body(database, ids)
        }
    }

    private func send(_ database: UserDatabase, _ ids: [Int64]) async throws -> [Int64] {
        try await database.write { try ActionRepository.markSent($0, ids, at: .noon(1)) }
    }

    @Test("an intent is kept with all that was given") func insert() async throws {
        try await withJournal([.sample(.queued(5))]) { database, ids in
            let rows = try await database.actions()
            try #require(rows.map(\.id) == ids)
            let row = rows[0]
            #expect(row.item == .queued(5) && row.rule == RuleID(1) && row.ruleName == "Trim" && row.revision == 1)
            #expect(row.hash == "abc" && row.itemName == "Name" && row.action == "delete")
            #expect(row.parameters == #"{"a":1}"# && row.evidence == #"{"b":2}"#)
            #expect(row.state == .planned && row.createdAt == .noon)
            #expect(row.logID == nil && row.sentAt == nil && row.finishedAt == nil && row.observedAt == nil)
        }
    }

    @Test("the way from planned through sent and acknowledged to observed keeps every time") func lifeCycle()
        async throws
    {
        try await withJournal([.sample()]) { database, ids in
            #expect(try await send(database, ids) == ids)
            try await database.write {
                try ActionRepository.finish($0, ids[0], .acknowledged, detail: "200", at: .noon(2))
            }
            try await database.write { try ActionRepository.markObserved($0, ids, at: .noon(3)) }
            let row = try #require(try await database.actions().first)
            #expect(row.state == .observed && row.detail == "200")
            #expect(row.sentAt == .noon(1) && row.finishedAt == .noon(2) && row.observedAt == .noon(3))
        }
    }

    @Test("only planned actions can be sent, and only once") func sendsOnce() async throws {
        try await withJournal([.sample(), .sample(.torrent(2), state: .parked)]) { database, ids in
            let first = try await send(database, ids)
            #expect(first == [ids[0]])
            let second = try await send(database, ids)
            #expect(second.isEmpty)
        }
    }

    @Test("an action is not sent once its rule is changed, off or gone", arguments: ["changed", "off", "gone"])
    func ruleMoved(how: String) async throws {
        try await withJournal([.sample(), .sample(.torrent(2), state: .parked)]) { database, ids in
            try await database.write { db in
                switch how {
                case "changed":
                    _ = try RuleRepository.replaceAll(db, with: [.sample(id: RuleID(1), minutes: 99)], now: .noon(5))
                case "off": try RuleRepository.setEnabled(db, RuleID(1), false, now: .noon(5))
                default: try RuleRepository.delete(db, RuleID(1), now: .noon(5))
                }
            }
            #expect(try await send(database, ids) == [])
            let rows = try await database.actions()
            #expect(rows.map(\.state) == [.dropped, .dropped])
            #expect(rows.allSatisfy { $0.detail?.contains("rule was") == true && $0.finishedAt == .noon(5) })
        }
    }

    @Test("an action of an old revision is not sent even when nobody dropped it") func staleRevision() async throws {
        try await withJournal([.sample(revision: 1), .sample(.torrent(2), revision: 2)]) { database, ids in
            let sent = try await send(database, ids)
            #expect(sent == [ids[0]])
        }
    }

    @Test("renaming a rule drops nothing") func renaming() async throws {
        try await withJournal([.sample()]) { database, ids in
            try await database.save([.sample("Renamed", id: RuleID(1))])
            #expect(try await send(database, ids) == ids)
        }
    }

    @Test("what is already sent is not dropped with its rule") func sentStays() async throws {
        try await withJournal([.sample()]) { database, ids in
            _ = try await send(database, ids)
            try await database.save([])
            #expect(try await database.actions().map(\.state) == [.sent])
        }
    }

    @Test("what a dead process left as sent becomes unknown, and is told once") func interrupted() async throws {
        try await withJournal([.sample(), .sample(.torrent(2))]) { database, ids in
            _ = try await send(database, [ids[1]])
            let found = try await database.write { try ActionRepository.markInterrupted($0, at: .noon(9)) }
            #expect(found.map(\.id) == [ids[1]])
            #expect(try await database.actions().map(\.state) == [.planned, .unknown])
            #expect(try await database.write { try ActionRepository.markInterrupted($0, at: .noon(9)).isEmpty })
        }
    }

    @Test("open actions are found by state, oldest first") func open() async throws {
        let actions = ActionState.allCases.enumerated().map { index, state in
            NewAction.sample(.torrent(Int64(index)), state: state)
        }
        try await withJournal(actions) { database, _ in
            let open = try await database.read { try ActionRepository.open($0) }
            #expect(open.map(\.state) == ActionState.allCases.filter(\.isOpen))
            let parked = try await database.read { try ActionRepository.open($0, in: [.parked, .failed]) }
            #expect(parked.map(\.state) == [.parked], "closed ones are not open whoever asks")
        }
    }

    @Test("items under way or of unknown outcome are blocked, by what is being done to them") func blocked()
        async throws
    {
        let actions: [NewAction] = [
            .sample(.torrent(1), state: .planned), .sample(.torrent(2), state: .acknowledged),
            .sample(.torrent(2), action: "add_tag", state: .unknown), .sample(.usenet(2), state: .failed),
            .sample(.queued(3), state: .sent), .sample(.torrent(4), state: .parked),
        ]
        try await withJournal(actions) { database, _ in
            let blocked = try await database.read(ActionRepository.blocked)
            #expect(blocked == [.torrent(2): ["delete", "add_tag"], .queued(3): ["delete"]])
        }
    }

    @Test("the items of a run are found by its log row") func log() async throws {
        try await withJournal([.sample(.torrent(1)), .sample(.torrent(2)), .sample(.torrent(3))]) { database, ids in
            try await database.write { try ActionRepository.attach($0, Array(ids.prefix(2)), toLog: 77) }
            let items = try await database.read { try ActionRepository.items($0, ofLog: 77) }
            #expect(items.map(\.item) == [.torrent(1), .torrent(2)])
            #expect(items.allSatisfy { $0.logID == 77 })
        }
    }

    @Test("pruning takes old closed rows and never an open one") func prune() async throws {
        let actions = ActionState.allCases.map { NewAction.sample(state: $0) }
        try await withJournal(actions) { database, ids in
            try await database.write { db in
                // Acknowledged long ago, and still nobody knows the effect.
                try ActionRepository.finish(db, ids[2], .acknowledged, at: .noon(-1_000))
                let counts = try [.noon, .noon(1)].map { try ActionRepository.prune(db, finishedBefore: $0) }
                #expect(counts == [0, ActionState.allCases.count { !$0.isOpen }])
            }
            #expect(try await database.actions().allSatisfy { $0.state.isOpen })
        }
    }

    @Test("open actions are found through the small index") func queryPlan() async throws {
        try await withUserDatabase { database in
            let plan = try await database.read { db in
                try Row.fetchAll(db, sql: "EXPLAIN QUERY PLAN \(ActionRepository.openQuery(.sent))")
                    .map { $0["detail"] as String }
            }
            #expect(plan == ["SEARCH tbx_action USING INDEX tbx_action_open (state=?)"])
        }
    }

    @Test(
        "what every poll asks and every action writes makes no table for it",
        arguments: [
            ActionRepository.hasOpenQuery, ActionRepository.openQuery(.planned),
            "UPDATE tbx_action SET state = 'observed' WHERE action_id = 1",
            """
            INSERT INTO tbx_action(rule_id, rule_name, revision, asset, queued, item_id, action, state, created_ms)
            VALUES (1, 'Trim', 1, 'torrent', 0, 1, 'delete', 'planned', 0)
            """,
        ])
    func withoutTables(statement: String) async throws {
        try await withUserDatabase { database in
            let steps = try await database.read { db in
                try Row.fetchAll(db, sql: "EXPLAIN \(statement)").map { $0["opcode"] as String }
            }
            #expect(steps.count > 5)
            #expect(!steps.contains("OpenEphemeral"))
        }
    }

    @Test("whether anything is open is told of each state alone", arguments: ActionState.allCases)
    func hasOpen(state: ActionState) async throws {
        try await withJournal([.sample(state: state)]) { database, ids in
            let found = try await database.read { try ActionRepository.open($0, in: [state]) }
            #expect(found.map(\.id) == (state.isOpen ? ids : []))
        }
    }
}
