package import DomainModel
package import GRDB
import Storage

extension ActionRepository {
    /// Actions in these states, oldest first; normally few, the journal's index holds only open ones.
    package static func open(
        _ db: Database, in states: Set<ActionState> = [.planned, .sent, .acknowledged, .unknown, .parked]
    ) throws -> [ActionRow] {
        guard try hasOpen(db) else { return [] }
        // One statement per state, each a plain look-up in the partial index.
        let perState = try states.filter(\.isOpen).sorted { $0.rawValue < $1.rawValue }.flatMap { state in
            try Row.fetchAll(db.cachedStatement(sql: openQuery(state))).compactMap(ActionRow.init(row:))
        }
        return perState.sorted { $0.id < $1.id }
    }

    /// Whether anything at all is open; for most users nothing is, and every poll asks for several states.
    private static func hasOpen(_ db: Database) throws -> Bool {
        var isAnyOpen = false
        try RawStatement(db.cachedStatement(sql: hasOpenQuery), in: db).forEachRow { isAnyOpen = $0.integer(0) == 1 }
        return isAnyOpen
    }

    /// One look-up in the partial index for each state: for a list of them SQLite would make a table at each call.
    static let hasOpenQuery =
        "SELECT "
        + ActionState.allCases.filter(\.isOpen)
        .map { "EXISTS (SELECT 1 FROM tbx_action WHERE state = '\($0.rawValue)')" }.joined(separator: " OR ")

    /// The actions in one open state. The state stands in the query itself: only so SQLite sees that the partial index has it.
    static func openQuery(_ state: ActionState) -> String {
        "SELECT * FROM tbx_action WHERE state = '\(state.rawValue)' ORDER BY action_id"
    }

    /// The actions of one run, in the order they were planned.
    package static func items(_ db: Database, ofLog log: Int64) throws -> [ActionRow] {
        try Row.fetchAll(db, sql: "SELECT * FROM tbx_action WHERE log_id = ? ORDER BY action_id", arguments: [log])
            .compactMap(ActionRow.init(row:))
    }

    /// Actions that no log row tells of, oldest first. None while all is well and nothing is under way.
    package static func unlogged(_ db: Database) throws -> [ActionRow] {
        // Every poll asks, and for nearly all of them a statement that reads whole rows need not be kept compiled.
        let any = try db.cachedStatement(sql: "SELECT 1 FROM tbx_action WHERE log_id IS NULL LIMIT 1")
        guard try Int.fetchOne(any) != nil else { return [] }
        // The index holds just these; without the unary plus SQLite would rather walk the whole table in order.
        return try Row.fetchAll(db, sql: "SELECT * FROM tbx_action WHERE log_id IS NULL ORDER BY +action_id")
            .compactMap(ActionRow.init(row:))
    }

    /// The newest actions of one rule, newest first.
    package static func newest(_ db: Database, of rule: RuleID, limit: Int = 100) throws -> [ActionRow] {
        try Row.fetchAll(
            db, sql: "SELECT * FROM tbx_action WHERE rule_id = ? ORDER BY action_id DESC LIMIT ?",
            arguments: [rule.rawValue, limit]
        ).compactMap(ActionRow.init(row:))
    }

    /// Items that rules destroyed, or tried to, since a moment.
    package static func countDestructive(_ db: Database, sentSince start: Timestamp) throws -> Int {
        // Sent later than that is finished later, or open still; both have an index.
        let sql = """
            SELECT count(*) FROM tbx_action
            WHERE finished_ms >= ?1 AND sent_ms >= ?1 AND action IN ('delete', 'archive', 'stop_seeding')
            """
        return try Int.fetchOne(db, sql: sql, arguments: [start.milliseconds]) ?? 0
    }

    /// Items on which something is under way or of unknown outcome, with the names of those actions: nothing new is to
    /// be planned for them until a snapshot has shown how it went.
    package static func blocked(_ db: Database) throws -> [ItemKey: Set<String>] {
        try open(db, in: [.sent, .acknowledged, .unknown]).reduce(into: [:]) { blocked, row in
            blocked[row.item, default: []].insert(row.action)
        }
    }
}

extension ActionRow {
    /// Nil for a row with a kind or state that this version does not know.
    init?(row: Row) {
        guard let item = ItemKey(row: row), let state = ActionState(rawValue: row["state"]) else { return nil }
        self.init(
            id: row["action_id"], logID: row["log_id"], rule: RuleID(row["rule_id"]), ruleName: row["rule_name"],
            revision: row["revision"], item: item, hash: row["hash"], itemName: row["item_name"],
            action: row["action"], parameters: row["parameters"], evidence: row["evidence"], state: state,
            detail: row["detail"], createdAt: Timestamp(milliseconds: row["created_ms"]),
            sentAt: row.milliseconds("sent_ms"), finishedAt: row.milliseconds("finished_ms"),
            observedAt: row.milliseconds("observed_ms"), batchID: row["batch_id"])
    }
}
