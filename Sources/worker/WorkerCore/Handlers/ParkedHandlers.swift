import DomainModel
import Logging
import Observability
import UserStore
import WireProtocol

/// `/api/automation/parked` and below.
///
/// Deciding twice the same way is answered like the first time; deciding against what was decided is a 409.
struct ParkedHandlers: Sendable {
    let users: UserAccess
    let watch: ParkingWatch

    /// Items shown of one batch; `item_count` says how many there are.
    static let itemsShown = 5_000

    /// Batches that wait for a decision, or that were approved and are not carried out yet; oldest first.
    @concurrent func list(_ context: RequestContext) async throws -> Response {
        let batches = try await users.read(context.user) { try ParkedBatchRepository.live($0) }
            .filter { $0.state != .rejected }
        return Reply.success(capacity: 256 + 256 * batches.reduce(0) { $0 + $1.items.count }) { json in
            json.member("parked", array: { list in batches.forEach { Self.write($0, to: &list) } })
        }
    }

    /// Lets a batch run: the poll that follows at once carries it out, exempt from the limit and from the breaker, through
    /// all other checks.
    @concurrent func approve(_ context: RequestContext) async throws -> Response {
        try await decide(.approved, context, message: "Parked batch approved")
    }

    /// Refuses a batch: its items are not parked again until the rule is changed or they stop matching.
    @concurrent func reject(_ context: RequestContext) async throws -> Response {
        try await decide(.rejected, context, message: "Parked batch rejected")
    }

    private struct Decided: Sendable {
        var batch: ParkedBatch
        var isNew: Bool
        var openBatches: Int
        var rules: [RuleRow]
    }

    private func decide(
        _ state: ParkedBatch.State, _ context: RequestContext, message: String
    ) async throws -> Response {
        let id = try context.pathID()
        try users.requireUsableKey(context.user)
        let now = users.now()
        let decided = try await users.write(context.user) { try Self.decide($0, id, state, at: now) }
        if decided.isNew {
            MetricNames.parkingDecisions.count(state.rawValue)
            watch.note(decided.openBatches, of: context.user)
            context.logger.notice(
                "parked batch decided",
                metadata: [
                    LogKey.ruleID: "\(decided.batch.rule)", LogKey.count: "\(decided.batch.items.count)",
                    LogKey.outcome: "\(state.rawValue)",
                ])
        }
        // Also for a repeated answer: the first may have died before the poll was asked for.
        if state == .approved { try await users.rulesChanged(context.user, decided.rules) }
        return Reply.success { json in
            json.member("message", message)
            json.key("batch")
            Self.write(decided.batch, to: &json)
        }
    }

    /// Decision, log row and, for an approval, the rule made due: in one transaction.
    private static func decide(
        _ db: UserDatabase.Connection, _ id: Int64, _ state: ParkedBatch.State, at now: Timestamp
    ) throws -> Decided {
        guard let batch = try ParkedBatchRepository.get(db, id) else { throw Refusal(404, "Parked batch not found") }
        guard batch.state == .open || batch.state == state else {
            throw Refusal(
                409, "The batch was \(batch.state.rawValue) already",
                code: "ALREADY_\(batch.state.rawValue.uppercased())")
        }
        let isNew = try ParkedBatchRepository.decide(db, id, state, at: now)
        if isNew {
            let log = NewExecution(
                rule: batch.rule, ruleName: batch.ruleName, itemsProcessed: 0, isSuccess: true,
                errorMessage: "\(batch.items.count) parked items \(state.rawValue) by the user", at: now)
            _ = try ExecutionLogRepository.insert(db, log)
            if state == .approved {
                try RuleRepository.markEvaluated(db, [(batch.rule, PollPipeline.notEvaluated)], at: now)
            }
        }
        return Decided(
            batch: try ParkedBatchRepository.get(db, id) ?? batch, isNew: isNew,
            openBatches: try ParkedBatchRepository.countOpen(db), rules: try RuleRepository.list(db))
    }

    // MARK: Forms

    private static func write(_ batch: ParkedBatch, to json: inout JSONWriter) {
        json.object {
            $0.member("id", batch.id)
            $0.member("rule_id", batch.rule.rawValue)
            $0.member("rule_name", batch.ruleName)
            $0.member("rule_revision", batch.revision)
            $0.member("action", batch.action)
            $0.member("reason", batch.reason.rawValue)
            $0.member("limit", batch.limit)
            $0.member("library_size", batch.librarySize)
            $0.member("status", batch.state.rawValue)
            $0.member("created_at", batch.createdAt.iso8601)
            $0.member("updated_at", batch.updatedAt.iso8601)
            $0.member("decided_at", batch.decidedAt?.iso8601)
            $0.member("item_count", batch.items.count)
            $0.member("items", array: { list in batch.items.prefix(itemsShown).forEach { write($0, to: &list) } })
        }
    }

    private static func write(_ item: ActionRow, to json: inout JSONWriter) {
        json.object {
            $0.member("asset_type", item.item.asset.rawValue)
            $0.member("queued", item.item.isQueued)
            $0.member("download_id", String(item.item.id))
            $0.member("hash", item.hash)
            $0.member("name", item.itemName)
            $0.member("evidence", item.evidence)
        }
    }
}
