import DomainModel
import HTTPTypes
import WireProtocol

/// Users and their accounts.
enum AdminUserRoutes {
    static let all = [
        AdminRoute(.get, "/users") { call in
            // The registry could page further; the contract ends at 1000.
            let limit = call.query["limit"].flatMap { Int($0) }.map { String(min(max($0, 1), 1_000)) }
            let page = try await UserPages(call: call).page(limit.map { ["limit": $0] } ?? [:])
            return call.reply(page.objectValue ?? [:])
        },
        AdminRoute.gathered(.post, "/users/reactivate-api-keys", Operation.Admin.reactivateKeys) { shares in
            let sum = Shares.sum(shares)
            return [
                "message": .string("Reactivated \(sum.count("reactivated")) API keys"),
                "reactivated": .integer(sum.count("reactivated")), "authIds": sum["authIds"] ?? .array([]),
            ]
        },
        .owner(.get, "/users/:authId", Operation.Admin.getUser),
        .owner(.delete, "/users/:authId", Operation.Admin.deleteUser, query: ["keepBackups"]),
        .owner(.get, "/users/:authId/api-key", Operation.Admin.revealKey),
        .owner(.post, "/users/:authId/trigger-poll", Operation.Admin.pollUser),
        .owner(.get, "/users/:authId/upload-quota", Operation.Admin.getQuota),
        .owner(.put, "/users/:authId/upload-tier", Operation.Admin.setTier, isRepeatable: true),
        .owner(.put, "/users/:authId/status", Operation.Admin.setStatus, isRepeatable: true),
        .owner(.get, "/users/:authId/database", Operation.Admin.describeDatabase),
        .owner(.get, "/users/:authId/automation", Operation.Admin.describeAutomation),
    ]
}
