import NIOHTTP1

extension ContractTable {
    private static let adminKey = "contract-admin-key-0001"

    /// Administrators' routes. Source: REST contract, section 2.9.
    static let admin = ContractTable(
        name: "admin", settings: ["ADMIN_API_KEY": adminKey, "ADMIN_RATE_LIMIT_MAX": "1000000"],
        exchanges: adminAccess + adminUsers + adminDatabases + adminFigures + adminAutomation + adminSystem + adminEnd)

    private static func asked(_ exchange: Exchange) -> Exchange {
        var exchange = exchange
        exchange.key = nil
        exchange.headers = [("x-admin-key", adminKey)]
        return exchange
    }

    private static func good(
        _ title: String, _ method: HTTPMethod, _ path: String, _ body: String? = nil, _ members: [String: Shape],
        keeps: [String: String] = [:]
    ) -> Exchange { asked(.good(title, method, "/api/admin" + path, body, members, keeps: keeps)) }

    private static func bad(
        _ title: String, _ method: HTTPMethod, _ path: String, _ body: String? = nil, _ status: Int, _ error: String,
        _ members: [String: Shape] = [:]
    ) -> Exchange { asked(.bad(title, method, "/api/admin" + path, body, status, error, members)) }

    // MARK: Shapes

    private static let nobody = String(repeating: "0", count: 64)
    private static let bit: Shape = .whole
    private static let nullableText: Shape = .nullable(.text)
    private static let pagination: Shape = ["page": .whole, "limit": .whole, "total": .whole, "totalPages": .whole]
    private static let listRow: [String: Shape] = [
        "auth_id": .text, "db_path": .text, "status": .text, "has_active_rules": bit,
        "non_terminal_torrent_count": .whole, "next_poll_at": .nullable(.sqliteTime), "created_at": .sqliteTime,
        "updated_at": .sqliteTime, "last_seen_at": .nullable(.sqliteTime), "upload_tier": .text,
        "upload_retained_file_count": .whole, "upload_retained_storage_bytes": .whole, "key_name": nullableText,
        "api_key_active": bit, "is_online": .flag, "db_size": .whole, "db_exists": .flag,
        "db_size_formatted": nullableText, "db_modified": .isoTime, "upload_storage_formatted": .text,
        "upload_limit_storage_formatted": nullableText, "upload_limit_max_files": .nullable(.whole),
        "over_quota": .flag,
    ]
    private static let quota: Shape = [
        "tier": .text, "fileCount": .whole, "storageBytes": .whole,
        "limits": [
            "maxStorageBytes": .nullable(.whole), "maxFiles": .nullable(.whole), "maxStorageMb": .nullable(.whole),
        ], "overQuota": .flag, "storageFormatted": .text, "limitStorageFormatted": nullableText,
    ]
    private static let backup: Shape = [
        "path": .text, "filename": .text, "size": .whole, "size_formatted": nullableText, "created": .isoTime,
        "modified": .isoTime,
    ]
    private static let size: Shape = ["size": .whole, "size_formatted": nullableText]
    private static let registry: Shape = [
        "path": .text, "size": .whole, "size_formatted": .text,
        "table_counts": .including(["user_registry": 1, "api_keys": 1]),
    ]
    private static let executions: Shape = [
        "total": .whole, "successful": .whole, "failed": .whole, "total_items_processed": .whole, "success_rate": .text,
    ]
    private static let statistics: Shape = [
        "rules": ["total": .whole, "enabled": .whole, "disabled": .whole], "executions_last_7_days": executions,
        "unreadable_databases": .whole,
    ]
    private static let memory: Shape = [
        "rss": .whole, "heapTotal": .whole, "heapUsed": .whole, "external": .whole, "arrayBuffers": .whole,
    ]
    private static let system: Shape = .including([
        "platform": .text, "arch": .text, "pid": .id, "uptime": .text, "uptimeFormatted": .text, "processes": 3,
        "cpuUsage": ["user": .whole, "system": .whole],
    ])

    // MARK: Exchanges

    private static let adminAccess: [Exchange] = [
        .bad(
            "the key is asked for", .GET, "/api/admin/verify", nil, 401, "Admin authentication required",
            ["message": .text]),
        Exchange(
            title: "a wrong key is refused", method: .GET, path: "/api/admin/verify",
            headers: [("x-admin-key", "contract-admin-key-0002")], key: nil, status: 403,
            shape: ["success": false, "error": "Invalid admin key", "message": .text]),
        .bad(
            "a user's key opens nothing", .GET, "/api/admin/users", nil, 401, "Admin authentication required",
            ["message": .text]),
        good("the right key is welcome", .POST, "/auth", nil, ["message": .text, "timestamp": .isoTime]),
        good("and may be verified", .GET, "/verify", nil, ["authenticated": true, "timestamp": .isoTime]),
        bad("unknown routes are unknown", .GET, "/nothing", nil, 404, "Endpoint not found", ["path": .text]),
    ]

    private static let adminUsers: [Exchange] = [
        good(
            "users over all workers", .GET, "/users", nil,
            [
                "users": .elements([.object(listRow)]), "pagination": pagination, "sort": "created_at",
                "sortDirection": "desc",
            ], keeps: ["user": "users.0.auth_id"]),
        good(
            "sorted and searched", .GET, "/users?sort=auth_id&sortDirection=asc&search=zzz&page=1&limit=5", nil,
            [
                "users": .elements([]), "pagination": ["page": 1, "limit": 5, "total": 0, "totalPages": 0],
                "sort": "auth_id", "sortDirection": "asc",
            ]),
        good(
            "by activity", .GET, "/users?activity=dormant&status=active", nil,
            ["users": .list(.any), "pagination": pagination, "sort": .text, "sortDirection": .text]),
        bad("an unknown activity", .GET, "/users?activity=sometimes", nil, 400, "Invalid activity"),
        bad("an unknown column", .GET, "/users?sort=encrypted_key", nil, 400, "Invalid sort"),
        good(
            "one user, without the encrypted key", .GET, "/users/{user}", nil,
            [
                "user": .object(
                    listRow.merging([
                        "api_key_created_at": .sqliteTime, "poller": .any,
                        "db_info": [
                            "path": .text, "exists": true, "size": .whole, "size_formatted": nullableText,
                            "modified": .isoTime,
                        ],
                    ]) { first, _ in first })
            ]),
        bad("an odd id", .GET, "/users/xyz", nil, 400, "Invalid authId format"),
        bad("an unknown user", .GET, "/users/\(nobody)", nil, 404, "User not found"),
        good("the key", .GET, "/users/{user}/api-key", nil, ["api_key": "contract-test-key-000001", "key_name": nil]),
        asked(
            Exchange(
                title: "a poll without rules is skipped", method: .POST, path: "/api/admin/users/{user}/trigger-poll",
                shape: ["success": true, "skipped": true, "reason": "no_active_rules"])),
        good("the quota", .GET, "/users/{user}/upload-quota", nil, ["quota": quota]),
        good(
            "another tier", .PUT, "/users/{user}/upload-tier", #"{"tier":"unlimited"}"#,
            ["message": .text, "quota": quota]),
        bad("an unknown tier", .PUT, "/users/{user}/upload-tier", #"{"tier":"gold"}"#, 400, "Invalid tier"),
        good("off", .PUT, "/users/{user}/status", #"{"status":"inactive"}"#, ["message": .text]),
        Exchange(
            title: "who is off is not let in", method: .GET, path: "/api/tags", status: 403,
            shape: .including(["success": false])),
        good(
            "on again", .POST, "/users/reactivate-api-keys", #"{"authIds":["{user}"]}"#,
            ["message": .text, "reactivated": 1, "authIds": .elements([.kept("user")])]),
        good(
            "nobody is left to be switched on", .POST, "/users/reactivate-api-keys", nil,
            ["message": .text, "reactivated": 0, "authIds": .elements([])]),
        bad(
            "ids that are none", .POST, "/users/reactivate-api-keys", #"{"authIds":["x"]}"#, 400,
            "Invalid authId format"),
        bad("an unknown status", .PUT, "/users/{user}/status", #"{"status":"gone"}"#, 400, "Invalid status"),
        good(
            "what is in the file", .GET, "/users/{user}/database", nil,
            [
                "database": [
                    "path": .text, "exists": true, "size": .whole, "size_formatted": nullableText, "modified": .isoTime,
                    "created": .isoTime,
                    "table_counts": [
                        "automation_rules": 0, "torrent_shadow": .whole, "torrent_telemetry": .whole,
                        "speed_history": .whole, "archived_downloads": 0, "custom_views": 0, "tags": 0,
                        "download_tags": 0,
                    ],
                ]
            ]),
        good(
            "rules and runs", .GET, "/users/{user}/automation", nil,
            [
                "rules": .elements([]), "recent_logs": .elements([]),
                "statistics": [
                    "total_rules": 0, "enabled_rules": 0, "total_executions": 0, "successful_executions": 0,
                    "failed_executions": 0, "total_items_processed": 0,
                ],
            ]),
    ]

    private static let adminDatabases: [Exchange] = [
        good(
            "all files", .GET, "/databases", nil,
            [
                "databases": .elements([
                    [
                        "auth_id": .kept("user"), "path": .text, "exists": true, "size": .whole,
                        "size_formatted": nullableText, "modified": .isoTime,
                    ]
                ]), "pagination": pagination,
            ]),
        good("open files", .GET, "/databases/pool", nil, ["pool": .including(["size": .whole, "maxSize": .whole])]),
        good("the registry", .GET, "/databases/master/stats", nil, ["master_database": registry]),
        good(
            "a backup", .POST, "/databases/{user}/backup", nil, ["message": .text, "backup": backup],
            keeps: ["backup": "backup.filename"]),
        good("backups", .GET, "/databases/{user}/backups", nil, ["backups": .elements([backup])]),
        bad("a path in a name", .GET, "/databases/{user}/backup/..%2Fmaster.db", nil, 400, "Invalid backup filename"),
        bad("no such backup", .GET, "/databases/{user}/backup/user_00000000_1.db", nil, 404, "Backup not found"),
        bad(
            "a sound file is not overwritten", .POST, "/databases/{user}/restore", #"{"filename":"{backup}"}"#, 409,
            "Database exists", ["code": "DATABASE_EXISTS"]),
        good(
            "unless it is to be", .POST, "/databases/{user}/restore", #"{"filename":"{backup}","replace":true}"#,
            ["message": .text, "filename": .kept("backup"), "rules": 0, "previous_backup": .text, "damaged_file": nil]),
        good(
            "compacted", .POST, "/databases/{user}/vacuum", nil,
            [
                "message": .text, "before": size, "after": size, "space_freed": .whole, "space_freed_formatted": .text,
            ]),
    ]

    private static let adminFigures: [Exchange] = [
        good(
            "an overview", .GET, "/metrics/overview", nil,
            [
                "overview": [
                    "users": ["total": 1, "active": 1, "inactive": 0, "with_active_rules": 0],
                    "databases": [
                        "master_size": .whole, "master_size_formatted": .text, "total_user_size": .whole,
                        "total_user_size_formatted": .text, "user_db_count": 1,
                    ], "memory": memory, "system": system, "connection_pool": .including([:]),
                    "polling_scheduler": .including(["isRunning": true, "activePollers": .whole]),
                ]
            ]),
        good(
            "the registry and the pool", .GET, "/metrics/database", nil,
            ["master_database": registry, "connection_pool": .including([:])]),
        good("polling", .GET, "/metrics/polling", nil, ["polling": .including(["isRunning": true])]),
        good(
            "automation", .GET, "/metrics/automation", nil,
            [
                "automation": [
                    "total_rules": 0, "enabled_rules": 0, "disabled_rules": 0, "executions_last_7_days": executions,
                ]
            ]),
        good(
            "performance", .GET, "/metrics/performance", nil,
            ["performance": ["memory": memory, "system": system, "uptime": .number, "uptime_formatted": .text]]),
        good(
            "activity", .GET, "/metrics/activity", nil,
            ["activity": .including(["allTime": .whole, "newToday": 1, "distribution": .including(["never": .whole])])]),
    ]

    private static let adminAutomation: [Exchange] = [
        good(
            "rules, runs, errors", .GET, "/automation/overview?limit=5", nil,
            ["stats": statistics, "rules": .elements([]), "executions": .elements([]), "errors": .elements([])]),
        good("rules", .GET, "/automation/rules", nil, ["rules": .elements([]), "total": 0]),
        good(
            "runs of one user", .GET, "/automation/executions?authId={user}&success=false", nil,
            ["executions": .elements([])]),
        bad("runs of nobody", .GET, "/automation/executions?authId=x", nil, 400, "Invalid authId format"),
        good("errors", .GET, "/automation/errors", nil, ["errors": .elements([])]),
        good("counts", .GET, "/automation/stats", nil, ["stats": statistics]),
        good(
            "flags", .POST, "/automation/sync-rules-flags", nil,
            [
                "message": .text,
                "sync": ["synced": 1, "changed": 0, "errors": 0, "skipped": 0, "durationSeconds": .number],
                "pollersAfterRefresh": .whole,
            ]),
    ]

    private static let issueKinds = [
        "orphanedApiKeys", "orphanedUsers", "duplicateAuthIds", "duplicateDbPaths", "missingFiles", "statusMismatches",
        "databaseIntegrityFailures", "orphanedFiles", "orphanedSqliteFiles", "orphanedWalFiles", "orphanedShmFiles",
    ]

    private static let adminSystem: [Exchange] = [
        good(
            "settings", .GET, "/config", nil,
            [
                "config": .including([
                    "polling": .including(["max_concurrent_polls": 12, "poll_kickout_ms": 180_000]),
                    "rate_limiting": .including(["admin_rate_limit_max": 1_000_000]),
                    "database": .including(["master_db_path": .text]),
                    "upload_quotas": ["max_storage_mb": 100, "max_files": 500], "frontend_url": .text,
                ])
            ]),
        asked(
            Exchange(
                title: "settings cannot be changed", method: .PUT, path: "/api/admin/config", body: "{}",
                shape: ["success": false, "message": .text, "note": .text])),
        good(
            "a diagnosis", .GET, "/diagnostics", nil,
            [
                "timestamp": .isoTime,
                "statistics": .including(["integrityChecks": ["checked": 1, "total": 1, "failed": 0]]),
                "issues": .object(Dictionary(issueKinds.map { ($0, Shape.elements([])) }) { first, _ in first }),
                "summary": .including(["totalIssues": 0, "status": "healthy"]),
                "activeUsersBreakdown": [
                    "total": 1, "both_active": 1, "registry_active_only": 0, "api_key_active_only": 0,
                ],
            ]),
        good(
            "nothing to repair", .POST, "/diagnostics/repair-status-mismatches", nil,
            ["message": .text, "repaired": 0, "authIds": .elements([])]),
        good(
            "quotas enforced", .POST, "/system/enforce-upload-quotas", nil,
            [
                "message": .text,
                "result": [
                    "users_scanned": 1, "users_over_quota": 0, "users_with_evictions": 0, "total_evicted": 0,
                    "still_over_quota": 0, "errors": 0,
                ], "summary": .including([:]),
            ]),
        good(
            "quotas", .GET, "/system/upload-quota-summary", nil,
            [
                "summary": .including([
                    "limits": .including(["maxFiles": 500]), "limited_users": 0, "over_quota_users": 0,
                    "limit_storage_formatted": .text,
                ])
            ]),
    ]

    private static let adminEnd: [Exchange] = [
        good("removed", .DELETE, "/users/{user}", nil, ["message": .text, "db_deleted": true]),
        bad("removed once", .DELETE, "/users/{user}", nil, 404, "User not found"),
        Exchange(
            title: "who was removed is unknown", method: .GET, path: "/api/tags", status: 404,
            shape: .including(["success": false, "error": "User not registered"])),
    ]
}
