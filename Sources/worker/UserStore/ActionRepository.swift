package import DomainModel
package import GRDB
import Storage

/// The durable journal of actions, and the execution log per item.
///
/// Order of use: insert, commit, mark sent, commit, call TorBox, finish, commit. Whoever finds a `sent` row at start
/// knows that the call may have happened.
package enum ActionRepository {
    /// Writes the actions and returns their ids, in order.
    package static func insert(_ db: Database, _ actions: [NewAction], at now: Timestamp) throws -> [Int64] {
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO tbx_action(rule_id, rule_name, revision, asset, queued, item_id, hash, item_name, action,
                    parameters, evidence, state, detail, created_ms, finished_ms, batch_id)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        let raw = RawStatement(statement, in: db)
        return try actions.map { action in
            try raw.run { row in
                row.bind(action.rule.rawValue)
                row.bind(action.ruleName)
                row.bind(action.revision)
                row.bind(action.item.asset.rawValue)
                row.bind(Int64(action.item.isQueued ? 1 : 0))
                row.bind(action.item.id)
                row.bind(action.hash)
                row.bind(action.itemName)
                row.bind(action.action)
                row.bind(action.parameters)
                row.bind(action.evidence)
                row.bind(action.state.rawValue)
                row.bind(action.detail)
                row.bind(now.milliseconds)
                row.bind(action.state.isOpen ? nil : now.milliseconds)
                row.bind(action.batchID)
            }
            return db.lastInsertedRowID
        }
    }

    /// Marks planned actions as about to be sent and returns those that may be: one that was dropped meanwhile, or is not
    /// of its rule's current revision, or whose rule is off or gone, is not among them. Commit before calling TorBox.
    ///
    /// - Parameter evenIfOff: a person asked for them: their rule need only exist.
    package static func markSent(
        _ db: Database, _ ids: [Int64], evenIfOff: Bool = false, at now: Timestamp
    ) throws -> [Int64] {
        let statement = try db.cachedStatement(
            sql: """
                UPDATE tbx_action SET state = 'sent', sent_ms = ?1
                WHERE action_id = ?2 AND state = 'planned' AND EXISTS (
                    SELECT 1 FROM automation_rules r LEFT JOIN tbx_rule t ON t.rule_id = r.id
                    WHERE r.id = tbx_action.rule_id AND (?3 OR COALESCE(r.enabled, 1) <> 0)
                        AND COALESCE(t.revision, 1) = tbx_action.revision)
                """)
        let raw = RawStatement(statement, in: db)
        return try ids.filter { id in
            try raw.run { row in
                row.bind(now.milliseconds)
                row.bind(id)
                row.bind(Int64(evenIfOff ? 1 : 0))
            }
            return db.changesCount == 1
        }
    }

    /// Records what became of an action: acknowledged, failed, unknown, skipped, or observed for local ones.
    /// `detail` replaces the old one when given.
    package static func finish(
        _ db: Database, _ id: Int64, _ state: ActionState, detail: String? = nil, at now: Timestamp
    ) throws {
        let statement = try db.cachedStatement(
            sql: """
                UPDATE tbx_action SET state = ?, detail = COALESCE(?, detail), finished_ms = ?,
                    observed_ms = COALESCE(?, observed_ms)
                WHERE action_id = ?
                """)
        try RawStatement(statement, in: db).run { row in
            row.bind(state.rawValue)
            row.bind(detail)
            row.bind(now.milliseconds)
            row.bind(state == .observed ? now.milliseconds : nil)
            row.bind(id)
        }
    }

    /// Records that a snapshot showed the effect of these. The time of TorBox's answer stays.
    package static func markObserved(_ db: Database, _ ids: [Int64], at now: Timestamp) throws {
        guard !ids.isEmpty else { return }
        let statement = try db.cachedStatement(
            sql: """
                UPDATE tbx_action SET state = 'observed', observed_ms = ?1, finished_ms = COALESCE(finished_ms, ?1)
                WHERE action_id = ?2
                """)
        let raw = RawStatement(statement, in: db)
        for id in ids {
            try raw.run { row in
                row.bind(now.milliseconds)
                row.bind(id)
            }
        }
    }

    /// Writes a remark beside these; their state and times stay.
    package static func remark(_ db: Database, _ ids: [Int64], _ detail: String) throws {
        guard !ids.isEmpty else { return }
        let statement = try db.cachedStatement(sql: "UPDATE tbx_action SET detail = ? WHERE action_id = ?")
        for id in ids { try statement.execute(arguments: [detail, id]) }
    }

    /// Ties actions to the log row that sums up their run.
    package static func attach(_ db: Database, _ ids: [Int64], toLog log: Int64) throws {
        let statement = try db.cachedStatement(sql: "UPDATE tbx_action SET log_id = ? WHERE action_id = ?")
        let raw = RawStatement(statement, in: db)
        for id in ids {
            try raw.run { row in
                row.bind(log)
                row.bind(id)
            }
        }
    }

    /// Cancels what a rule planned or has parked, of revisions before `revision` (nil: of any). Returns how many.
    ///
    /// ``RuleRepository`` does it with every change of a rule; calling it again is harmless.
    @discardableResult
    package static func dropPlanned(
        _ db: Database, of rule: RuleID, before revision: Int64? = nil, because reason: String, at now: Timestamp
    ) throws -> Int {
        try db.executeCached(
            sql: """
                UPDATE tbx_action SET state = 'dropped', detail = ?, finished_ms = ?
                WHERE rule_id = ? AND state IN ('planned', 'parked') AND revision < ?
                """,
            arguments: [reason, now.milliseconds, rule.rawValue, revision ?? .max])
        let count = db.changesCount
        try ParkedBatchRepository.withdraw(db, of: rule, before: revision, at: now)
        return count
    }

    /// Turns what a dead process left as sent into unknown, and returns those. For the start of a user.
    package static func markInterrupted(_ db: Database, at now: Timestamp) throws -> [ActionRow] {
        let rows = try open(db, in: [.sent])
        for row in rows {
            try finish(db, row.id, .unknown, detail: "interrupted before the answer", at: now)
        }
        return rows
    }

    /// Deletes closed rows older than a moment, and returns how many went. Open ones stay whatever their age.
    @discardableResult
    package static func prune(_ db: Database, finishedBefore limit: Timestamp) throws -> Int {
        try db.execute(
            sql: """
                DELETE FROM tbx_action
                WHERE finished_ms < ? AND state NOT IN ('planned', 'sent', 'acknowledged', 'unknown', 'parked')
                """, arguments: [limit.milliseconds])
        return db.changesCount
    }
}
