import DomainModel
import HTTPTypes
import WireProtocol

/// Settings, diagnostics and quotas of the whole instance.
enum AdminSystemRoutes {
    /// Files whose integrity a diagnosis checks, over all workers. Source: REST contract, section 2.9.
    static let checkedFiles = 50

    static let all = [
        AdminRoute(.get, "/config") { call in
            call.reply([
                "config": settings(call.settings, worker: try await call.askAny(Operation.Admin.getConfiguration))
            ])
        },
        AdminRoute(.put, "/config") { call in
            call.reply([
                "success": .bool(false), "message": .string("Settings cannot be changed over the API"),
                "note": .string("Set the environment variables and run `supervisor reload`, or restart the service."),
            ])
        },
        AdminRoute(.get, "/diagnostics") { call in
            let question = call.question(Operation.Admin.diagnose)
            let shares = try await call.gather { worker, count in
                var question = question
                let share = checkedFiles / count + (worker < checkedFiles % count ? 1 : 0)
                question.parameters["integrityLimit"] = String(share)
                return question
            }
            return call.reply(DiagnosisSummary.combine(shares, at: WallClock.now()))
        },
        AdminRoute.gathered(.post, "/diagnostics/repair-status-mismatches", Operation.Admin.repairStatus) { shares in
            let sum = Shares.sum(shares)
            return [
                "message": .string("Repaired \(sum.count("repaired")) status mismatches"),
                "repaired": .integer(sum.count("repaired")), "authIds": sum["authIds"] ?? .array([]),
            ]
        },
        AdminRoute(.post, "/system/enforce-upload-quotas") { call in
            let result = Shares.sum(try await call.gather(Operation.Admin.enforceQuotas))
            let summary = QuotaSummary.combine(try await call.gather(Operation.Admin.quotaSummary))
            return call.reply([
                "message": .string("Removed \(result.count("total_evicted")) files"), "result": result,
                "summary": summary,
            ])
        },
        AdminRoute.gathered(.get, "/system/upload-quota-summary", Operation.Admin.quotaSummary) {
            ["summary": QuotaSummary.combine($0)]
        },
    ]

    private static func settings(_ own: GatewayConfiguration, worker: JSONValue) -> JSONValue {
        worker.with([
            "rate_limiting": .object([
                "user_rate_limit_max": .integer(Int64(own.userRateLimit)),
                "ip_rate_limit_max": .integer(Int64(own.addressRateLimit)),
                "admin_rate_limit_max": .integer(Int64(own.adminRateLimit)),
                "upload_rate_limit_max": .integer(Int64(own.uploadRateLimit)),
            ]),
            "frontend_url": .string(own.allowedOrigins.joined(separator: ",")),
            "require_api_key": .bool(own.requiresAPIKey), "trust_proxy": .bool(own.trustsProxy),
            "node_env": .string(own.isProduction ? "production" : worker["node_env"]?.stringValue ?? "development"),
        ])
    }
}
