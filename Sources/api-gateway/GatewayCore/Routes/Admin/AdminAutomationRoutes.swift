import DomainModel
import HTTPTypes
import WireProtocol

/// Rules and runs over all users.
enum AdminAutomationRoutes {
    static let all = [
        AdminRoute(.get, "/automation/overview") { call in
            let shares = try await shares(call)
            return call.reply([
                "stats": shares.statistics, "rules": shares.rules, "executions": shares.executions,
                "errors": shares.errors,
            ])
        },
        AdminRoute(.get, "/automation/rules") { call in
            let shares = try await shares(call, defaultLimit: 1_000)
            let total = shares.statistics["rules"]?.count("total") ?? 0
            return call.reply(["rules": shares.rules, "total": .integer(total)])
        },
        AdminRoute(.get, "/automation/executions") { call in
            call.reply(["executions": try await shares(call).executions])
        },
        AdminRoute(.get, "/automation/errors") { call in call.reply(["errors": try await shares(call).errors]) },
        AdminRoute(.get, "/automation/stats") { call in call.reply(["stats": try await shares(call).statistics]) },
        AdminRoute.gathered(.post, "/automation/sync-rules-flags", Operation.Admin.syncRuleFlags) { shares in
            let sum = Shares.sum(shares)
            // They worked side by side: the slowest says how long it took.
            let seconds = shares.compactMap { $0["durationSeconds"]?.doubleValue }.max() ?? 0
            return [
                "message": .string("Rule flags synchronised for \(sum.count("synced")) users"),
                "sync": .object([
                    "synced": .integer(sum.count("synced")), "changed": .integer(sum.count("changed")),
                    "errors": .integer(sum.count("errors")), "skipped": .integer(sum.count("skipped")),
                    "durationSeconds": .number(seconds),
                ]),
                "pollersAfterRefresh": .integer(sum.count("pollers")),
            ]
        },
    ]

    private static func shares(_ call: AdminCall, defaultLimit: Int = 50) async throws -> AutomationShares {
        let limit = min(max(call.query["limit"].flatMap { Int($0) } ?? defaultLimit, 1), 1_000)
        if let id = call.query["authId"], UserID(id) == nil { throw Problem.invalidAuthID }
        var question = call.question(Operation.Admin.automation, query: ["authId", "success"])
        question.parameters["limit"] = String(limit)
        let asked = question
        return AutomationShares(try await call.gather { _, _ in asked }, limit: limit)
    }
}
