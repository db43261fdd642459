import DomainModel
import HTTPTypes
import HummingbirdCore
import WireProtocol

/// Users' files, their backups, and the registry's.
enum AdminDatabaseRoutes {
    static let all = [
        AdminRoute(.get, "/databases") { call in
            let page = try await UserPages(call: call).page([
                "sort": "auth_id", "sortDirection": "asc", "limit": call.query["limit"] ?? "10000",
            ])
            let rows = page["users"]?.arrayValue ?? []
            return call.reply([
                "databases": .array(rows.map(describe)), "pagination": page["pagination"] ?? .null,
            ])
        },
        AdminRoute(.get, "/databases/pool") { call in
            call.reply(["pool": await call.health.combinedStatus().connectionPool])
        },
        AdminRoute(.get, "/databases/master/stats") { call in
            call.reply(["master_database": try await call.askAny(Operation.Admin.describeRegistry)])
        },
        .owner(.post, "/databases/:authId/backup", Operation.Admin.backUp),
        .owner(.get, "/databases/:authId/backups", Operation.Admin.listBackups),
        AdminRoute(.get, "/databases/:authId/backup/:filename") { call in
            let answer = try await call.askOwner(Operation.Admin.downloadBackup, query: [], isRepeatable: true)
            var response = WorkerReply.response(answer, to: call.request)
            guard answer.status == 200, let name = call.pathParameter("filename") else { return response }
            // The worker has found a backup of that name, so it is nothing but letters, digits, `_`, `-` and a point.
            response.headers[.contentDisposition] = "attachment; filename=\"\(name)\""
            response.headers[.cacheControl] = "no-transform"
            return response
        },
        .owner(.post, "/databases/:authId/restore", Operation.Admin.restoreBackup),
        .owner(.post, "/databases/:authId/vacuum", Operation.Admin.vacuum, isRepeatable: true),
    ]

    private static func describe(_ row: JSONValue) -> JSONValue {
        .object([
            "auth_id": row["auth_id"] ?? .null, "path": row["db_path"] ?? .null, "exists": row["db_exists"] ?? .null,
            "size": row["db_size"] ?? .null, "size_formatted": row["db_size_formatted"] ?? .null,
            "modified": row["db_modified"] ?? .null,
        ])
    }
}
