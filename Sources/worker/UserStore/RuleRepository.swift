package import DomainModel
package import GRDB
import Storage

/// The user's rules. Every change of what a rule does drops, in the same transaction, what older revisions planned.
package enum RuleRepository {
    /// In the order in which `RuleRow` takes them.
    private static let select = """
        SELECT r.id, r.name, r.enabled, r.asset_types, r.trigger_config, r.conditions, r.action_config, r.metadata,
            r.last_executed_at, r.execution_count, r.last_evaluated_at, r.created_at, r.updated_at,
            t.revision, t.changed_ms, t.evaluated_ms, t.evaluated_revision, t.attention, t.disabled_reason
        FROM automation_rules r LEFT JOIN tbx_rule t ON t.rule_id = r.id
        """

    /// All rules, newest first.
    package static func list(_ db: Database) throws -> [RuleRow] {
        try rows(db, "\(select) ORDER BY r.created_at DESC, r.id DESC")
    }

    package static func get(_ db: Database, _ id: RuleID) throws -> RuleRow? {
        try rows(db, "\(select) WHERE r.id = ?") { $0.bind(id.rawValue) }.first
    }

    private static func rows(
        _ db: Database, _ sql: String, binding bind: (inout RawStatement.Binder) -> Void = { _ in }
    ) throws -> [RuleRow] {
        var rows: [RuleRow] = []
        try RawStatement(db.cachedStatement(sql: sql), in: db).forEachRow(binding: bind) { rows.append(RuleRow($0)) }
        return rows
    }

    /// Whether any rule is enabled: whether the user is to be polled at all.
    package static func hasEnabled(_ db: Database) throws -> Bool {
        try Int.fetchOne(db, sql: "SELECT 1 FROM automation_rules WHERE enabled <> 0 LIMIT 1") != nil
    }

    /// Makes the stored rules exactly these, and returns them in the given order.
    ///
    /// A draft with a stored id updates that rule in place (creation time, counters and log stay); any other becomes a new
    /// rule with a new id, a second draft of the same id too. Rules not among the drafts are deleted. The revision rises
    /// only where ``RuleDraftRow/changesBehaviour(of:)`` says so.
    package static func replaceAll(_ db: Database, with drafts: [RuleDraftRow], now: Timestamp) throws -> [RuleRow] {
        var stored = Dictionary(uniqueKeysWithValues: try list(db).map { ($0.id, $0) })
        var kept: [RuleID] = []
        for draft in drafts {
            if let id = draft.id, let row = stored.removeValue(forKey: id) {
                try update(db, row, to: draft, now: now)
                kept.append(id)
            } else {
                kept.append(try insert(db, draft, now: now))
            }
        }
        for id in stored.keys { try delete(db, id, now: now) }
        let after = Dictionary(uniqueKeysWithValues: try list(db).map { ($0.id, $0) })
        return kept.compactMap { after[$0] }
    }

    /// Switches a rule on or off. False when there is no such rule; nothing changes when it is so already.
    ///
    /// - Parameter reason: Why the backend does it; nil when the user does.
    @discardableResult
    package static func setEnabled(
        _ db: Database, _ id: RuleID, _ isEnabled: Bool, reason: String? = nil, now: Timestamp
    ) throws -> Bool {
        guard let row = try get(db, id) else { return false }
        guard row.isEnabled != isEnabled else { return true }
        try db.executeCached(
            sql: "UPDATE automation_rules SET enabled = ?, updated_at = ? WHERE id = ?",
            arguments: [isEnabled, now.sqliteText, id.rawValue])
        try raiseRevision(db, row, attention: row.attention, disabledReason: isEnabled ? nil : reason, now: now)
        return true
    }

    /// Deletes a rule and what it planned; its log stays. False when there was none.
    @discardableResult
    package static func delete(_ db: Database, _ id: RuleID, now: Timestamp) throws -> Bool {
        try ActionRepository.dropPlanned(db, of: id, because: "the rule was deleted", at: now)
        try db.executeCached(sql: "DELETE FROM automation_rules WHERE id = ?", arguments: [id.rawValue])
        return db.changesCount > 0
    }

    /// Notes for people at a rule, nil to clear. Does not change the revision.
    package static func setAttention(_ db: Database, _ id: RuleID, _ attention: String?, now: Timestamp) throws {
        try ensureState(db, id, now: now)
        try db.executeCached(
            sql: "UPDATE tbx_rule SET attention = ? WHERE rule_id = ?", arguments: [attention, id.rawValue])
    }

    /// Records that these revisions were evaluated. A rule deleted meanwhile is passed over.
    package static func markEvaluated(
        _ db: Database, _ rules: [(id: RuleID, revision: Int64)], at now: Timestamp
    ) throws {
        let stock = RawStatement(
            try db.cachedStatement(sql: "UPDATE automation_rules SET last_evaluated_at = ? WHERE id = ?"), in: db)
        let ours = RawStatement(
            try db.cachedStatement(
                sql: "UPDATE tbx_rule SET evaluated_ms = ?, evaluated_revision = ? WHERE rule_id = ?"), in: db)
        let text = now.sqliteText
        for rule in rules {
            try stock.run { row in
                row.bind(text)
                row.bind(rule.id.rawValue)
            }
            func mark() throws {
                try ours.run { row in
                    row.bind(now.milliseconds)
                    row.bind(rule.revision)
                    row.bind(rule.id.rawValue)
                }
            }
            try mark()
            guard db.changesCount == 0 else { continue }
            // A rule of stock's that we have not written about yet, or none any more.
            try ensureState(db, rule.id, now: now)
            try mark()
        }
    }

    /// Writes down that somebody is about to evaluate the rule, for those who ask how long ago that was. What counts as
    /// evaluated for the schedule is ``markEvaluated(_:_:at:)``'s to say.
    package static func claim(_ db: Database, _ id: RuleID, at now: Timestamp) throws {
        try db.executeCached(
            sql: "UPDATE automation_rules SET last_evaluated_at = ? WHERE id = ?",
            arguments: [now.sqliteText, id.rawValue])
    }

    /// Writes a log row and, for a run that acted, counts it at the rule (last execution, count). Returns the log id.
    @discardableResult
    package static func recordExecution(
        _ db: Database, _ entry: NewExecution, countsAsExecution: Bool = true
    ) throws -> Int64 {
        if countsAsExecution { try countExecution(db, entry.rule, at: entry.at) }
        return try ExecutionLogRepository.insert(db, entry)
    }

    /// Counts a run that acted.
    package static func countExecution(_ db: Database, _ id: RuleID, at now: Timestamp) throws {
        try db.executeCached(
            sql: """
                UPDATE automation_rules
                SET last_executed_at = ?, execution_count = COALESCE(execution_count, 0) + 1 WHERE id = ?
                """, arguments: [now.sqliteText, id.rawValue])
    }
}

extension RuleRepository {
    private static func insert(_ db: Database, _ draft: RuleDraftRow, now: Timestamp) throws -> RuleID {
        try db.executeCached(
            sql: """
                INSERT INTO automation_rules(name, enabled, asset_types, trigger_config, conditions, action_config,
                    metadata, cooldown_minutes, created_at, updated_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?, ?)
                """,
            arguments: [
                draft.name, draft.isEnabled, draft.assetTypes, draft.trigger, draft.conditions, draft.action,
                draft.metadata, now.sqliteText, now.sqliteText,
            ])
        let id = RuleID(db.lastInsertedRowID)
        try ensureState(db, id, now: now)
        return id
    }

    private static func update(_ db: Database, _ row: RuleRow, to draft: RuleDraftRow, now: Timestamp) throws {
        guard draft.differs(from: row) else { return }
        try db.executeCached(
            sql: """
                UPDATE automation_rules SET name = ?, enabled = ?, asset_types = ?, trigger_config = ?, conditions = ?,
                    action_config = ?, metadata = ?, cooldown_minutes = 0, updated_at = ? WHERE id = ?
                """,
            arguments: [
                draft.name, draft.isEnabled, draft.assetTypes, draft.trigger, draft.conditions, draft.action,
                draft.metadata, now.sqliteText, row.id.rawValue,
            ])
        guard draft.changesBehaviour(of: row) else { return }
        let reason = draft.isEnabled ? nil : row.disabledReason
        try raiseRevision(db, row, attention: nil, disabledReason: reason, now: now)
    }

    private static func raiseRevision(
        _ db: Database, _ row: RuleRow, attention: String?, disabledReason: String?, now: Timestamp
    ) throws {
        try ensureState(db, row.id, now: now)
        try db.executeCached(
            sql: """
                UPDATE tbx_rule SET revision = revision + 1, changed_ms = ?, attention = ?, disabled_reason = ?
                WHERE rule_id = ?
                """, arguments: [now.milliseconds, attention, disabledReason, row.id.rawValue])
        try ActionRepository.dropPlanned(db, of: row.id, because: "the rule was changed or switched off", at: now)
    }

    /// Gives a rule its row in `tbx_rule` when it has none yet; passes over one that does not exist.
    private static func ensureState(_ db: Database, _ id: RuleID, now: Timestamp) throws {
        try db.cachedStatement(
            sql: """
                INSERT OR IGNORE INTO tbx_rule(rule_id, revision, changed_ms)
                SELECT id, 1, ? FROM automation_rules WHERE id = ?
                """
        ).execute(arguments: [now.milliseconds, id.rawValue])
    }
}

extension RuleRow {
    /// From the columns in the order of `RuleRepository.select`. Every poll reads them all.
    fileprivate init(_ row: RawStatement.Columns) {
        func time(_ index: Int) -> Timestamp? { row.integer(index).map { Timestamp(milliseconds: $0) } }
        // Stock's `0`, which its column makes a number, is no time either.
        func stockTime(_ index: Int) -> Timestamp? { row.text(index).flatMap { Timestamp(storedText: $0) } }
        // Columns that cannot be null are not.
        func text(_ index: Int) -> String { row.text(index) ?? "" }
        let created = stockTime(11)
        self.init(
            id: RuleID(row.integer(0) ?? 0), name: text(1), isEnabled: row.integer(2).map { $0 != 0 } ?? true,
            assetTypes: text(3), trigger: text(4), conditions: text(5), action: text(6), metadata: row.text(7),
            lastExecutedAt: stockTime(8), executionCount: row.integer(9) ?? 0, lastEvaluatedAt: stockTime(10),
            createdAt: created ?? Timestamp(milliseconds: 0),
            updatedAt: stockTime(12) ?? created ?? Timestamp(milliseconds: 0), revision: row.integer(13) ?? 1,
            changedAt: time(14), evaluatedAt: time(15), evaluatedRevision: row.integer(16), attention: row.text(17),
            disabledReason: row.text(18))
    }
}
