package import DomainModel
package import GRDB
import Storage

/// Parked batches. Their items are rows of the journal, parked until a person decides, then approved or rejected until
/// the poll that follows has dealt with them or they have stopped matching.
package enum ParkedBatchRepository {
    // MARK: Reading

    /// All that polls look at, with the items that are not finished; oldest first. Normally none.
    package static func live(_ db: Database) throws -> [ParkedBatch] {
        let any = try db.cachedStatement(sql: "SELECT 1 FROM tbx_parked_batch WHERE closed_ms IS NULL LIMIT 1")
        guard try Int.fetchOne(any) != nil else { return [] }
        return try Row.fetchAll(db, sql: "SELECT * FROM tbx_parked_batch WHERE closed_ms IS NULL ORDER BY batch_id")
            .compactMap { try ParkedBatch(row: $0, in: db) }
    }

    package static func get(_ db: Database, _ id: Int64) throws -> ParkedBatch? {
        try Row.fetchOne(db, sql: "SELECT * FROM tbx_parked_batch WHERE batch_id = ?", arguments: [id])
            .flatMap { try ParkedBatch(row: $0, in: db) }
    }

    /// Batches that wait for a decision.
    package static func countOpen(_ db: Database) throws -> Int {
        let sql = "SELECT count(*) FROM tbx_parked_batch WHERE state = 'open' AND closed_ms IS NULL"
        return try Int.fetchOne(db.cachedStatement(sql: sql)) ?? 0
    }

    // MARK: Parking

    /// Opens the rule's batch, or brings the open one up to date, and returns its id. A batch that the breaker parked
    /// becomes one of the limit when that is exceeded too, never the other way round.
    package static func park(_ db: Database, _ parking: NewParking, at now: Timestamp) throws -> Int64 {
        try db.cachedStatement(
            sql: """
                INSERT INTO tbx_parked_batch(rule_id, rule_name, revision, action, reason, item_limit, library_size, state,
                    created_ms, updated_ms)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'open', ?8, ?8)
                ON CONFLICT(rule_id) WHERE state = 'open' AND closed_ms IS NULL DO UPDATE SET
                    rule_name = excluded.rule_name, item_limit = excluded.item_limit,
                    library_size = excluded.library_size, updated_ms = excluded.updated_ms,
                    reason = CASE reason WHEN 'limit' THEN reason ELSE excluded.reason END
                """
        ).execute(arguments: [
            parking.rule.rawValue, parking.ruleName, parking.revision, parking.action, parking.reason.rawValue,
            parking.limit, parking.librarySize, now.milliseconds,
        ])
        let open = "SELECT batch_id FROM tbx_parked_batch WHERE rule_id = ? AND state = 'open' AND closed_ms IS NULL"
        return try Int64.fetchOne(db.cachedStatement(sql: open), arguments: [parking.rule.rawValue]) ?? 0
    }

    /// Ties a batch to the log row that tells of it.
    package static func setLog(_ db: Database, _ batch: Int64, _ log: Int64) throws {
        try db.executeCached(sql: "UPDATE tbx_parked_batch SET log_id = ? WHERE batch_id = ?", arguments: [log, batch])
    }

    // MARK: Deciding

    /// Lets an open batch run, or refuses it, with all its items. False when it is not open.
    package static func decide(
        _ db: Database, _ batch: Int64, _ state: ParkedBatch.State, at now: Timestamp
    ) throws -> Bool {
        try db.executeCached(
            sql: """
                UPDATE tbx_parked_batch SET state = ?, decided_ms = ?, updated_ms = ?
                WHERE batch_id = ? AND state = 'open' AND closed_ms IS NULL
                """, arguments: [state.rawValue, now.milliseconds, now.milliseconds, batch])
        guard db.changesCount == 1 else { return false }
        let (item, detail): (ActionState, String) =
            state == .approved ? (.approved, "approved by the user") : (.rejected, "rejected by the user")
        try db.executeCached(
            sql: "UPDATE tbx_action SET state = ?, detail = ? WHERE batch_id = ? AND state = 'parked'",
            arguments: [item.rawValue, detail, batch])
        return true
    }

    // MARK: Ending

    /// Finishes one item: it leaves its batch. `state` and `detail` stay as they are when nil.
    package static func end(
        _ db: Database, _ action: Int64, _ state: ActionState? = nil, detail: String? = nil, at now: Timestamp
    ) throws {
        try db.cachedStatement(
            sql: """
                UPDATE tbx_action SET state = COALESCE(?, state), detail = COALESCE(?, detail), finished_ms = ?
                WHERE action_id = ? AND finished_ms IS NULL
                """
        ).execute(arguments: [state?.rawValue, detail, now.milliseconds, action])
    }

    /// Closes every batch of which no item is left.
    package static func closeEmpty(_ db: Database, at now: Timestamp) throws {
        try db.cachedStatement(
            sql: """
                UPDATE tbx_parked_batch
                SET closed_ms = ?1, updated_ms = ?1, state = CASE state WHEN 'open' THEN 'withdrawn' ELSE state END
                WHERE closed_ms IS NULL AND NOT EXISTS (
                    SELECT 1 FROM tbx_action a WHERE a.batch_id = tbx_parked_batch.batch_id AND a.finished_ms IS NULL)
                """
        ).execute(arguments: [now.milliseconds])
    }

    /// Closes a rule's batches and ends their items: the rule was changed, switched off or deleted.
    static func withdraw(_ db: Database, of rule: RuleID, before revision: Int64?, at now: Timestamp) throws {
        let batches = "SELECT batch_id FROM tbx_parked_batch WHERE rule_id = ? AND closed_ms IS NULL AND revision < ?"
        for batch in try Int64.fetchAll(db, sql: batches, arguments: [rule.rawValue, revision ?? .max]) {
            try db.executeCached(
                sql: """
                    UPDATE tbx_action SET state = CASE state WHEN 'rejected' THEN state ELSE 'dropped' END,
                        detail = CASE state WHEN 'rejected' THEN detail ELSE 'the rule was changed or switched off' END,
                        finished_ms = ?
                    WHERE batch_id = ? AND finished_ms IS NULL
                    """, arguments: [now.milliseconds, batch])
            try db.executeCached(
                sql: """
                    UPDATE tbx_parked_batch
                    SET closed_ms = ?1, updated_ms = ?1, state = CASE state WHEN 'rejected' THEN state ELSE 'withdrawn' END
                    WHERE batch_id = ?2
                    """, arguments: [now.milliseconds, batch])
        }
    }

    /// Carries unfinished items over to the key that a download got when it left the queue.
    package static func follow(_ db: Database, from old: ItemKey, to new: ItemKey) throws {
        try db.cachedStatement(
            sql: """
                UPDATE tbx_action SET queued = ?1, item_id = ?2
                WHERE asset = ?3 AND queued = ?4 AND item_id = ?5 AND batch_id IS NOT NULL AND finished_ms IS NULL
                """
        ).execute(arguments: [new.isQueued, new.id, old.asset.rawValue, old.isQueued, old.id])
    }

    /// Deletes batches closed before a moment.
    package static func prune(_ db: Database, closedBefore limit: Timestamp) throws {
        try db.execute(
            sql: "DELETE FROM tbx_parked_batch WHERE closed_ms < ?", arguments: [limit.milliseconds])
    }
}

extension ParkedBatch {
    /// Nil for a row with a state or reason that this version does not know.
    fileprivate init?(row: Row, in db: Database) throws {
        guard let reason = Reason(rawValue: row["reason"]), let state = State(rawValue: row["state"]) else {
            return nil
        }
        let closed = row.milliseconds("closed_ms")
        let unfinished = closed == nil ? " AND finished_ms IS NULL" : ""
        let items = try Row.fetchAll(
            db.cachedStatement(sql: "SELECT * FROM tbx_action WHERE batch_id = ?\(unfinished) ORDER BY action_id"),
            arguments: [row["batch_id"] as Int64])
        self.init(
            id: row["batch_id"], rule: RuleID(row["rule_id"]), ruleName: row["rule_name"], revision: row["revision"],
            action: row["action"], reason: reason, limit: row["item_limit"], librarySize: row["library_size"],
            state: state, logID: row["log_id"], createdAt: Timestamp(milliseconds: row["created_ms"]),
            updatedAt: Timestamp(milliseconds: row["updated_ms"]), decidedAt: row.milliseconds("decided_ms"),
            closedAt: closed, items: items.compactMap(ActionRow.init(row:)))
    }
}
