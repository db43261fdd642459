import DomainModel
import HTTPTypes
import ServiceSupport
import WireProtocol

/// Figures over all users and processes.
enum AdminMetricRoutes {
    static let all = [
        AdminRoute(.get, "/metrics/overview") { call in
            async let shares = call.gather(Operation.Admin.metrics)
            async let registry = call.askAny(Operation.Admin.describeRegistry)
            let status = await call.health.combinedStatus()
            let sum = Shares.sum(try await shares)
            let system = SystemFigures(workers: sum, uptime: call.health.uptime)
            return call.reply([
                "overview": .object([
                    "users": sum["users"] ?? .null,
                    "databases": databases(sum["databases"] ?? .null, registry: try await registry),
                    "memory": system.memory, "system": system.system, "connection_pool": status.connectionPool,
                    "polling_scheduler": status.pollingScheduler,
                ])
            ])
        },
        AdminRoute(.get, "/metrics/database") { call in
            call.reply([
                "master_database": try await call.askAny(Operation.Admin.describeRegistry),
                "connection_pool": await call.health.combinedStatus().connectionPool,
            ])
        },
        AdminRoute(.get, "/metrics/polling") { call in
            call.reply(["polling": await call.health.combinedStatus().pollingScheduler])
        },
        AdminRoute.gathered(.get, "/metrics/automation", Operation.Admin.automation) { shares in
            let statistics = AutomationShares(shares, limit: 1).statistics
            let rules = statistics["rules"] ?? .null
            let executions = statistics["executions_last_7_days"]?.objectValue ?? [:]
            return [
                "automation": .object([
                    "total_rules": .integer(rules.count("total")), "enabled_rules": .integer(rules.count("enabled")),
                    "disabled_rules": .integer(rules.count("disabled")),
                    "executions_last_7_days": .object(executions),
                ])
            ]
        },
        AdminRoute(.get, "/metrics/performance") { call in
            let sum = Shares.sum(try await call.gather(Operation.Admin.metrics))
            let system = SystemFigures(workers: sum, uptime: call.health.uptime)
            return call.reply([
                "performance": .object([
                    "memory": system.memory, "system": system.system, "uptime": .number(system.uptimeSeconds),
                    "uptime_formatted": .string(system.uptimeText),
                ])
            ])
        },
        AdminRoute.gathered(.get, "/metrics/activity", Operation.Admin.activity) { ["activity": Shares.sum($0)] },
    ]

    private static func databases(_ users: JSONValue, registry: JSONValue) -> JSONValue {
        users.with([
            "master_size": registry["size"] ?? .null, "master_size_formatted": registry["size_formatted"] ?? .null,
            "total_user_size_formatted": Shares.megabytes(users.count("total_user_size")),
        ])
    }
}
