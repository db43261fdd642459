import DomainModel
import Registry
import UserStore
import WireProtocol

/// Rules and their runs, of one user or of all of this worker's.
struct AdminAutomationHandlers: Sendable {
    let users: UserAccess
    let scan: UserFileScan

    /// Rules, runs and errors in one answer at most.
    static let maximumRows = 1_000
    static let statisticsDays: Int64 = 7

    private func statisticsStart() -> Timestamp { users.now().advanced(bySeconds: -Self.statisticsDays * 86_400) }

    // MARK: One user

    @concurrent func describe(_ context: RequestContext) async throws -> Response {
        let since = statisticsStart()
        guard users.pool.fileExists(for: context.user) else { return Self.description([], [], ExecutionTotals()) }
        let (rules, logs, totals) = try await users.read(context.user) { db in
            (
                try RuleRepository.list(db), try ExecutionLogRepository.newest(db, limit: 100),
                try ExecutionLogRepository.totals(db, since: since)
            )
        }
        return Self.description(rules, logs, totals)
    }

    private static func description(_ rules: [RuleRow], _ logs: [ExecutionRow], _ totals: ExecutionTotals) -> Response {
        Reply.success { json in
            json.member("rules", array: { list in rules.forEach { AutomationForm.write($0, to: &list) } })
            json.member(
                "recent_logs",
                array: { list in logs.forEach { row in list.object { AutomationForm.write(row, to: &$0) } } })
            json.member(
                "statistics",
                object: {
                    $0.member("total_rules", rules.count)
                    $0.member("enabled_rules", rules.count(where: \.isEnabled))
                    $0.member("total_executions", totals.total)
                    $0.member("successful_executions", totals.successful)
                    $0.member("failed_executions", totals.failed)
                    $0.member("total_items_processed", totals.itemsProcessed)
                })
        }
    }

    // MARK: A worker's share

    private struct Found: Sendable {
        var rules: [RuleRow]
        var executions: [ExecutionRow]
        var errors: [ExecutionRow]
        var totals: ExecutionTotals
    }

    /// The newest rows and the counts over all users of this worker, or those of `authId`.
    @concurrent func share(_ request: Request) async throws -> Response {
        let limit = request.number("limit", default: 50, in: 1...Self.maximumRows)
        let success = request.parameters["success"].flatMap {
            ["true": true, "1": true, "false": false, "0": false][$0]
        }
        let since = statisticsStart()
        var overview = AutomationOverview(limit: limit)
        let gaps = try await scan.run(wanted(request)) { db in
            Found(
                rules: try RuleRepository.list(db),
                executions: try ExecutionLogRepository.newest(db, limit: limit, isSuccess: success),
                errors: try ExecutionLogRepository.newest(db, limit: limit, isSuccess: false),
                totals: try ExecutionLogRepository.totals(db, since: since))
        } take: { record, found in
            overview.add(found.rules, of: record)
            overview.add(executions: found.executions, errors: found.errors, found.totals, of: record)
        }
        return Reply.document { json in
            overview.write(to: &json)
            json.member("unreadable", gaps.unreadable)
        }
    }

    private func wanted(_ request: Request) throws -> [RegisteredUser] {
        guard let text = request.parameters["authId"], !text.isEmpty else {
            return users.directory.all.sorted { $0.id < $1.id }
        }
        guard let user = UserID(text) else { throw Refusal(400, "Invalid authId format") }
        return users.directory[user].map { [$0] } ?? []
    }

    // MARK: The flag in the registry

    /// Sets for each user whether there is an enabled rule, as the user's file says; a crash of stock may have left it wrong.
    @concurrent func syncFlags() async throws -> Response {
        let began = ContinuousClock.now
        var (synced, changed) = (0, 0)
        let gaps = try await scan.run(users.directory.all.sorted { $0.id < $1.id }) { db in
            try RuleRepository.hasEnabled(db)
        } take: { record, hasEnabled in
            synced += 1
            guard record.hasActiveRules != hasEnabled else { return }
            changed += 1
            try await users.setHasActiveRules(record.id, hasEnabled)
            if hasEnabled, record.isActive {
                await users.scheduler.pollNow(record.id)
            } else {
                await users.scheduler.forget([record.id])
            }
        }
        let scheduler = await users.scheduler.status()
        let seconds = Double(began.duration(to: .now) / .milliseconds(1)) / 1_000
        return Reply.document { json in
            json.member("synced", synced)
            json.member("changed", changed)
            json.member("errors", gaps.unreadable)
            json.member("skipped", gaps.absent)
            json.member("durationSeconds", (seconds * 100).rounded() / 100)
            json.member("pollers", scheduler.scheduled + scheduler.running)
        }
    }
}
