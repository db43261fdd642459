import DomainModel
import ServiceSupport
import WireProtocol

/// `/api/automation/rules/:id/run`.
struct RuleRunHandlers: Sendable {
    let users: UserAccess
    let pipeline: PollPipeline
    /// The shortest time since the rule's last evaluation.
    let spacing: Duration
    /// The longest that a caller waits; the run itself goes on.
    let limit: Duration

    @concurrent func run(_ context: RequestContext) async throws -> Response {
        let rule = RuleID(try context.pathID())
        try users.requireUsableKey(context.user)
        await users.reviveIfInactive(context.user)
        let began = users.now()
        guard let outcome = try await self.outcome(rule, context.user) else {
            try Task.checkCancellation()
            throw Refusal(503, "The backend is busy", detail: "Nothing was done; run the rule again later.")
        }
        let result = try outcome.get()
        return Self.reply(with: result, milliseconds: users.now().milliseconds(since: began), spacing: spacing)
    }

    /// Nil when the run has not begun and never will.
    private func outcome(_ rule: RuleID, _ user: UserID) async throws -> Result<ManualRunResult, any Error>? {
        let (scheduler, pipeline, spacing) = (users.scheduler, pipeline, spacing)
        do {
            return try await withDeadline(limit, "a run by hand") {
                await scheduler.perform(for: user) { () -> Result<ManualRunResult, any Error> in
                    do {
                        return .success(try await pipeline.run(rule, of: user, spacing: spacing))
                    } catch {
                        return .failure(error)
                    }
                }
            }
        } catch is DeadlineExceeded {
            throw Refusal(504, "The run takes too long", detail: "It goes on; the rule's log will tell what was done.")
        }
    }

    private static func reply(with result: ManualRunResult, milliseconds: Int64, spacing: Duration) -> Response {
        Reply.success { json in
            json.member("result", object: { write(result, milliseconds, spacing, to: &$0) })
        }
    }

    private static func write(
        _ result: ManualRunResult, _ milliseconds: Int64, _ spacing: Duration, to json: inout JSONWriter
    ) {
        json.member("ruleId", result.rule.rawValue)
        json.member("ruleName", result.name)
        json.member("totalTorrents", result.total)
        json.member("matchedTorrents", result.matched)
        json.member("processedTorrents", result.processed)
        json.member("successCount", result.successes)
        json.member("errorCount", result.errors)
        json.member("executed", result.isExecuted)
        json.member("skipped", result.isSkipped)
        json.member("executionTime", seconds(milliseconds))
        if let action = result.action { json.member("actionType", action) }
        if let reason = result.reason { json.member("reason", reason) }
        if let last = result.lastEvaluated {
            json.member("rateLimited", true)
            json.member("lastEvaluatedAt", last.sqliteText)
            json.member("rateLimitMinutes", raw: JSONValue.number(spacing / .seconds(60)).compactText)
        }
        if let error = result.error { json.member("error", error) }
    }

    /// `"1.25"`.
    private static func seconds(_ milliseconds: Int64) -> String {
        let hundredths = max(0, milliseconds) / 10
        let rest = hundredths % 100
        return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
    }
}
