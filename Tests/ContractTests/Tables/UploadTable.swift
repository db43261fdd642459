import DomainModel
import NIOHTTP1

extension ContractTable {
    /// Whatever is queued may be at TorBox a moment later: statuses are any text.
    static let uploads = ContractTable(
        name: "uploads",
        exchanges: [
            .good(
                "empty", .GET, path, nil,
                [
                    "data": .elements([]), "pagination": pages(1, 50, 0, 0), "statusCounts": [:],
                    "uploadStatistics": statistics,
                ]),
            .good(
                "a file", .POST, path + "/file", file, ["data": ["file_path": .text]], keeps: ["path": "data.file_path"]
            ),
            .bad(
                "no data", .POST, path + "/file", #"{"filename":"a.torrent","type":"torrent"}"#, 400,
                "file_data is required"),
            .bad(
                "no name", .POST, path + "/file", #"{"file_data":"AAAA","type":"torrent"}"#, 400, "filename is required"
            ),
            .bad(
                "no type", .POST, path + "/file", #"{"file_data":"AAAA","filename":"a.torrent"}"#, 400, "Invalid type"),
            .bad(
                "a web file", .POST, path + "/file", #"{"file_data":"AAAA","filename":"a","type":"webdl"}"#, 400,
                "Web downloads cannot be files; give a link"),
            .bad("no path", .DELETE, path + "/file", "{}", 400, "file_path is required"),
            .bad("a path out", .DELETE, path + "/file", #"{"file_path":"../x"}"#, 403, "Access to this file is denied"),
            .good("the file removed", .DELETE, path + "/file", #"{"file_path":"{path}"}"#, ["message": .text]),
            .good("removed again", .DELETE, path + "/file", #"{"file_path":"{path}"}"#, ["message": .text]),
            .bad("an unknown type", .POST, path, #"{"type":"film"}"#, 400, "Invalid type"),
            .bad("a magnet without hash", .POST, path, magnet("magnet:?dn=x"), 400, "Invalid magnet link"),
            .bad(
                "another user's file", .POST, path,
                #"{"type":"torrent","upload_type":"file","file_path":"../x.torrent","name":"x"}"#, 403),
            .bad("no uploads", .POST, path + "/batch", #"{"uploads":[]}"#, 400),
            .good(
                "a batch, one of them bad", .POST, path + "/batch",
                "{\"uploads\":[\(magnet("magnet:?xt=urn:btih:\(hash)")),{}]}",
                [
                    "data": ["uploads": .elements([row]), "errors": .elements([["upload": [:], "error": .text]])],
                    "meta": ["total": 2, "successful": 1, "failed": 1],
                ], keeps: ["first": "data.uploads.0.id"]),
            .good("a link", .POST, path, link, ["data": row], keeps: ["second": "data.id"]),
            .good("one", .GET, path + "/{first}", nil, ["data": .object(members(showsNextAttempt: false))]),
            .bad("an unknown one", .GET, path + "/9999", nil, 404, "Upload not found"),
            .bad("a bad id", .GET, path + "/x", nil, 400, badID),
            .bad("a file of a magnet", .GET, path + "/{first}/download", nil, 400, "Upload has no file"),
            .bad("a file of nothing", .GET, path + "/9999/download", nil, 404, "Upload not found"),
            .bad("an odd status", .GET, path + "?status=odd", nil, 400, "Invalid status"),
            .bad("an odd type", .GET, path + "?type=odd", nil, 400, "Invalid type"),
            .good(
                "limits are clamped", .GET, path + "?page=0&limit=5000&search=no%20such", nil,
                [
                    "data": .elements([]), "pagination": pages(1, 1_000, 0, 0), "statusCounts": .any,
                    "uploadStatistics": statistics,
                ]),
            .bad("moved nowhere", .PATCH, path + "/reorder", "{}", 400),
            .bad(
                "moved to where it is", .PATCH, path + "/reorder", #"{"id":{first},"old_order":1,"new_order":1}"#, 400),
            .bad("an unknown one moved", .PATCH, path + "/reorder", #"{"id":9999,"old_order":1,"new_order":2}"#, 404),
            .bad("an unknown one retried", .POST, path + "/9999/retry", nil, 404, "Upload not found"),
            .bad("none retried", .POST, path + "/bulk/retry", #"{"ids":[]}"#, 400),
            .bad("unknown ones retried", .POST, path + "/bulk/retry", #"{"ids":[9999]}"#, 404, "No uploads found"),
            .good("deleted", .DELETE, path + "/{first}", nil, ["message": .text]),
            .bad("deleted again", .DELETE, path + "/{first}", nil, 404, "Upload not found"),
            .good(
                "many deleted, one of them missing", .DELETE, path + "/bulk", #"{"ids":[{second},9999]}"#,
                ["message": .text, "data": ["deleted": 1, "requested": 2]]),
            .bad("none found", .DELETE, path + "/bulk", #"{"ids":[9999]}"#, 404, "No uploads found"),
            .bad("no list", .DELETE, path + "/bulk", "{}", 400),
        ])

    private static let path = "/api/uploads"
    private static let hash = "0123456789abcdef0123456789abcdef01234567"
    /// A bencoded torrent.
    private static let file = """
        {"file_data":"ZDQ6aW5mb2Q2Omxlbmd0aGk1ZTQ6bmFtZTU6aGVsbG8xMjpwaWVjZSBsZW5ndGhpMTYzODRlNjpwaWVjZXMyMDowMTIzNDU2Nzg5MDEyMzQ1Njc4OWVl",\
        "filename":"hello.torrent","type":"torrent"}
        """
    private static let link =
        #"{"type":"webdl","upload_type":"link","url":"https://host.example/f","name":"f","password":"p"}"#

    private static func magnet(_ url: String) -> String {
        #"{"type":"torrent","upload_type":"magnet","url":"\#(url)","name":"film"}"#
    }

    private static let row = Shape.object(members(showsNextAttempt: true))

    private static func members(showsNextAttempt: Bool) -> [String: Shape] {
        var members: [String: Shape] = [
            "id": .id, "type": .text, "upload_type": .text, "file_path": .nullable(.text), "url": .nullable(.text),
            "name": .text, "status": .text, "error_message": .nullable(.text), "retry_count": .whole,
            "seed": .nullable(.whole), "allow_zip": 1, "as_queued": 0, "add_only_if_cached": 0,
            "password": .nullable(.text), "queue_order": .whole, "torbox_hash": .nullable(.text),
            "torbox_torrent_id": .nullable(.id), "torbox_auth_id": .nullable(.text),
            "last_processed_at": .nullable(.sqliteTime), "completed_at": .nullable(.sqliteTime),
            "created_at": .sqliteTime, "updated_at": .sqliteTime, "create_was_cached": .optional(.flag),
        ]
        if showsNextAttempt { members["next_attempt_at"] = .nullable(.sqliteTime) }
        return members
    }

    private static let statistics: Shape = [
        "byType": ["torrent": ofType, "usenet": ofType, "webdl": ofType], "retryAt": .nullable(.sqliteTime),
    ]

    private static let ofType: Shape = [
        "limit": .nullable(.whole), "remaining": .nullable(.whole), "used": .nullable(.whole),
        "resetAt": .nullable(.sqliteTime), "known": .flag,
        "window": ["uncachedUsed": .whole, "uncachedLimit": .whole, "uncachedResetAt": .nullable(.sqliteTime)],
        "deferredCount": .whole, "deferredUntil": .nullable(.sqliteTime), "pausedCount": .whole,
        "pausedUntil": .nullable(.sqliteTime), "pauseReason": .nullable(.text),
    ]
}
