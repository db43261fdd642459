import DomainModel
import RuleEngine
import UserStore
import WireProtocol

/// `/api/automation/rules` and below.
struct RuleHandlers: Sendable {
    let users: UserAccess

    // MARK: Reading

    @concurrent func list(_ context: RequestContext) async throws -> Response {
        let rows = try await users.read(context.user) { try RuleRepository.list($0) }
        return Reply.success(capacity: 256 + 512 * rows.count) { Self.write(rows, to: &$0) }
    }

    @concurrent func get(_ context: RequestContext) async throws -> Response {
        let id = RuleID(try context.pathID())
        guard let row = try await users.read(context.user, { try RuleRepository.get($0, id) }) else {
            throw Refusal(404, "Rule not found")
        }
        return Reply.success {
            $0.key("rule")
            RuleJSONForm.write(row, to: &$0)
        }
    }

    /// The newest 100 runs; `?items=true` adds what was done with each item.
    @concurrent func logs(_ context: RequestContext) async throws -> Response {
        let id = RuleID(try context.pathID())
        let withItems = ["true", "1"].contains(context.request.parameters["items"] ?? "")
        let entries = try await users.read(context.user) { db in
            try ExecutionLogRepository.newest(db, of: id).map { row in
                (row, withItems ? try ActionRepository.items(db, ofLog: row.id) : [])
            }
        }
        return Reply.success(capacity: 64 + 256 * entries.count) { json in
            json.member(
                "logs",
                array: { list in
                    for (row, items) in entries { Self.write(row, withItems ? items : nil, to: &list) }
                })
        }
    }

    /// Empties a rule's log; the journal of single items stays, because protection against repetition rests on it.
    @concurrent func clearLogs(_ context: RequestContext) async throws -> Response {
        let id = RuleID(try context.pathID())
        try await users.write(context.user) { _ = try ExecutionLogRepository.clear($0, of: id) }
        return Reply.success { $0.member("message", "Rule logs deleted") }
    }

    // MARK: Writing

    /// Replaces the whole list, as the frontend does on every edit. What changed is evaluated at once.
    @concurrent func replace(_ context: RequestContext) async throws -> Response {
        try users.requireUsableKey(context.user)
        guard let posted = try context.jsonObject()["rules"]?.arrayValue else {
            throw Refusal(400, "rules must be an array")
        }
        let namesStored = posted.contains { $0["id"]?.integerValue != nil }
        let stored = namesStored ? try await users.read(context.user) { try RuleRepository.list($0) } : []
        let drafts = try Self.drafts(posted, stored)
        let isAnyEnabled = drafts.contains(where: \.isEnabled)
        if isAnyEnabled { try await users.setHasActiveRules(context.user, true) }
        let now = users.now()
        let rows = try await users.write(context.user) { try RuleRepository.replaceAll($0, with: drafts, now: now) }
        try await users.rulesChanged(context.user, rows)
        return Reply.success(capacity: 256 + 512 * rows.count) { json in
            json.member("message", "Automation rules saved")
            Self.write(rows, to: &json)
        }
    }

    /// Switches one rule on or off. A rule that does not exist is no error: the frontend posts the list right after.
    @concurrent func setEnabled(_ context: RequestContext) async throws -> Response {
        let id = RuleID(try context.pathID())
        try users.requireUsableKey(context.user)
        guard let isEnabled = try context.jsonObject()["enabled"]?.boolValue else {
            throw Refusal(400, "enabled must be true or false")
        }
        if isEnabled { try await users.setHasActiveRules(context.user, true) }
        let now = users.now()
        let rows = try await users.write(context.user) { db in
            try RuleRepository.setEnabled(db, id, isEnabled, now: now)
            return try RuleRepository.list(db)
        }
        try await users.rulesChanged(context.user, rows)
        return Reply.success { $0.member("message", "Automation rule updated") }
    }

    @concurrent func delete(_ context: RequestContext) async throws -> Response {
        let id = RuleID(try context.pathID())
        try users.requireUsableKey(context.user)
        let now = users.now()
        let rows = try await users.write(context.user) { db in
            try RuleRepository.delete(db, id, now: now)
            return try RuleRepository.list(db)
        }
        try await users.rulesChanged(context.user, rows)
        return Reply.success { $0.member("message", "Automation rule deleted") }
    }

    // MARK: Forms

    /// Validates all; the first bad rule refuses the whole list, with its position, name and every reason.
    /// A stored rule that comes back unchanged passes whatever it is: the frontend always posts the whole list.
    private static func drafts(_ posted: [JSONValue], _ stored: [RuleRow]) throws -> [RuleDraftRow] {
        let known = Dictionary(stored.map { ($0.id, RuleJSONForm.stored($0)) }) { first, _ in first }
        return try posted.enumerated().map { index, rule in
            let before = rule["id"]?.integerValue.flatMap { known[RuleID($0)] }
            switch RuleValidator.validate(rule, unchangedFrom: before) {
            case .success(let draft): return RuleJSONForm.row(of: draft)
            case .failure(let rejection):
                let name = rule["name"]?.stringValue.map { " (\($0.prefix(100)))" } ?? ""
                throw Refusal(400, "Rule \(index + 1)\(name): \(rejection.reasons.joined(separator: "; "))")
            }
        }
    }

    private static func write(_ rows: [RuleRow], to json: inout JSONWriter) {
        json.member("rules", array: { list in rows.forEach { RuleJSONForm.write($0, to: &list) } })
    }

    private static func write(_ row: ExecutionRow, _ items: [ActionRow]?, to json: inout JSONWriter) {
        json.object {
            $0.member("id", row.id)
            $0.member("rule_id", row.rule.rawValue)
            $0.member("rule_name", row.ruleName)
            $0.member("execution_type", row.kind)
            $0.member("items_processed", row.itemsProcessed)
            $0.member("success", row.isSuccess ? 1 : 0)
            $0.member("error_message", row.errorMessage)
            $0.member("executed_at", row.executedAt.sqliteText)
            if let items { $0.member("items", array: { list in items.forEach { write($0, to: &list) } }) }
        }
    }

    private static func write(_ item: ActionRow, to json: inout JSONWriter) {
        json.object {
            $0.member("asset_type", item.item.asset.rawValue)
            $0.member("queued", item.item.isQueued)
            $0.member("download_id", String(item.item.id))
            $0.member("hash", item.hash)
            $0.member("name", item.itemName)
            $0.member("action", item.action)
            $0.member("outcome", item.state.rawValue)
            $0.member("detail", item.detail)
            $0.member("evidence", item.evidence)
            $0.member("at", (item.finishedAt ?? item.createdAt).iso8601)
        }
    }
}
