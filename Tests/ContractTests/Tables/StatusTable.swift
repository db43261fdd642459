import DomainModel
import NIOHTTP1

extension ContractTable {
    static let status = ContractTable(
        name: "status",
        exchanges: [
            Exchange(
                title: "alive", method: .GET, path: "/health", key: nil,
                shape: ["status": "healthy", "startupPhase": "ready", "timestamp": .isoTime]),
            Exchange(
                title: "ready", method: .GET, path: "/ready", key: nil, shape: ["success": true, "status": "ready"]),
            Exchange(
                title: "status", method: .GET, path: "/api/backend/status", key: nil,
                shape: [
                    "available": true, "mode": "selfhosted", "version": .text, "uptime": .number,
                    "startupPhase": "ready", "warming": false, "pollingScheduler": scheduler, "connectionPool": pool,
                ]),
            Exchange(
                title: "detailed health", method: .GET, path: "/api/health/detailed", key: nil,
                shape: [
                    "status": "healthy", "timestamp": .isoTime, "version": .text, "uptime": .number,
                    "database": ["status": "healthy", "responseTime": .text, "dbSize": .text],
                    "api": ["status": "healthy", "message": .text, "torboxApi": .including(["mode": "active"])],
                    "pollers": scheduler, "torboxApi": .including(["mode": "active"]),
                    "memory": [
                        "rss": .text, "heapTotal": .text, "heapUsed": .text, "external": .text, "arrayBuffers": .text,
                    ],
                    "system": [
                        "nodeVersion": .text, "platform": "linux", "arch": .text, "pid": .whole, "uptime": .text,
                        "uptimeFormatted": .text, "cpuUsage": ["user": .whole, "system": .whole],
                    ],
                    "services": [
                        "masterDatabase": "running", "userDatabaseManager": "running", "pollingScheduler": "running",
                    ],
                    "connectionPool": pool, "workers": ["total": 2, "answering": 2], "onlineUsers": 0,
                ]),
            .good("a sign of life without a body", .POST, "/api/activity", nil, [:]),
            .good("a sign of life", .POST, "/api/activity", "{}", [:]),
            .bad(
                "an unknown route", .GET, "/api/nothing/here?x=1", nil, 404, "Endpoint not found",
                ["path": "/api/nothing/here?x=1"]),
            .bad(
                "an unknown method", .PATCH, "/api/automation/rules", "{}", 404, "Endpoint not found",
                ["path": "/api/automation/rules"]),
        ])

    private static let scheduler: Shape = .including([
        "isRunning": true, "activePollers": .whole,
        "torboxApi": .including(["mode": "active", "automationPaused": false, "pauseReason": nil]),
        "pollers": .list(.any),
        "metrics": .including([
            "totalPolls": .whole, "successfulPolls": .whole, "failedPolls": .whole, "skippedPolls": .whole,
            "timeoutPolls": .whole, "lastPollAt": .nullable(.isoTime), "successRate": .text,
        ]),
        "inactivityFilter": [
            "enabled": true, "inactiveUserDays": 30, "lastCycleEligible": .whole, "lastCycleSkippedInactive": .whole,
            "totalSkippedScheduled": .whole, "totalSkippedManual": .whole, "totalSkippedQueue": .whole,
        ],
        "configuration": .including(["maxConcurrentPolls": .whole, "pollKickoutMs": .whole]),
    ])

    private static let pool: Shape = .including([
        "size": .whole, "currentSize": .whole, "maxSize": .whole, "available": .whole, "inUse": .whole, "idle": .whole,
        "metrics": .including(["hits": .whole, "misses": .whole, "evictions": .whole, "hitRate": .text]),
        "usagePercent": .number, "status": "healthy",
    ])
}
