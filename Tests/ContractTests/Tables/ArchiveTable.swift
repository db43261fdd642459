import DomainModel
import NIOHTTP1

extension ContractTable {
    static let archive = ContractTable(
        name: "archive",
        exchanges: [
            .good("empty", .GET, path, nil, ["data": .elements([]), "pagination": pages(1, 50, 0, 0)]),
            .good(
                "an id as number", .POST, path, #"{"torrent_id":9912,"hash":"ab"}"#,
                ["data": row("9912", "ab", tracker: nil, name: nil)], keeps: ["first": "data.id"]),
            .good(
                "an id as text", .POST, path, #"{"torrent_id":"9913","hash":"cd","tracker":"t","name":"Harbour"}"#,
                ["data": row("9913", "cd", tracker: "t", name: "Harbour")]),
            .bad("again", .POST, path, #"{"torrent_id":"9912","hash":"ab"}"#, 409, "Download already archived"),
            .bad("no hash", .POST, path, #"{"torrent_id":1}"#, 400, "torrent_id and hash are required"),
            .bad("no id", .POST, path, #"{"hash":"ab"}"#, 400, "torrent_id and hash are required"),
            .good(
                "protected meanwhile", .PUT, "/api/downloads/protect", #"{"download_ids":[77],"protected":true}"#,
                ["protected_ids": .elements(["77"])]),
            .bad(
                "a protected one", .POST, path, #"{"torrent_id":77,"hash":"ee"}"#, 403, "Download is protected",
                ["code": "DOWNLOAD_PROTECTED", "blocked_ids": .elements(["77"])]),
            .good(
                "many: new, known, twice, unusable and protected", .POST, path + "/bulk",
                """
                {"downloads":[{"torrent_id":1,"hash":"a"},{"torrent_id":"9912","hash":"ab"},{"torrent_id":"1","hash":"a"},\
                {"hash":"x"},7,{"torrent_id":77,"hash":"ee"}]}
                """,
                ["data": ["torrentIds": .elements(["1", "9912"]), "blocked_ids": .elements(["77"])]]),
            .bad(
                "many, all protected", .POST, path + "/bulk", #"{"downloads":[{"torrent_id":77,"hash":"ee"}]}"#, 403,
                "Download is protected", ["code": "DOWNLOAD_PROTECTED", "blocked_ids": .elements(["77"])]),
            .bad("many, none usable", .POST, path + "/bulk", #"{"downloads":[{"hash":"ee"}]}"#, 400),
            .bad("none", .POST, path + "/bulk", #"{"downloads":[]}"#, 400),
            .bad("no list", .POST, path + "/bulk", "{}", 400),
            .bad("501", .POST, path + "/bulk", "{\"downloads\":[\(downloads(501))]}", 400),
            .good(
                "a page", .GET, path + "?page=2&limit=2", nil,
                ["data": .elements([anyRow]), "pagination": pages(2, 2, 3, 2)]),
            .good(
                "searched", .GET, path + "?search=%20HARB%20", nil,
                [
                    "data": .elements([row("9913", "cd", tracker: "t", name: "Harbour")]),
                    "pagination": pages(1, 50, 1, 1),
                ]),
            .good(
                "limits are clamped", .GET, path + "?page=0&limit=5000", nil,
                ["data": .list(anyRow), "pagination": pages(1, 1_000, 3, 1)]),
            .good("one", .GET, path + "/{first}", nil, ["data": row("9912", "ab", tracker: nil, name: nil)]),
            .bad("an unknown one", .GET, path + "/9999", nil, 404, "Archived download not found"),
            .bad("a bad id", .GET, path + "/x", nil, 400, badID),
            .good("deleted", .DELETE, path + "/{first}", nil, ["message": .text]),
            .bad("deleted again", .DELETE, path + "/{first}", nil, 404, "Archived download not found"),
            .good(
                "many deleted, one of them missing", .DELETE, path + "/bulk", #"{"ids":[2,3,9999]}"#,
                ["message": .text, "data": ["deleted": 2, "requested": 3]]),
            .bad("none deleted", .DELETE, path + "/bulk", #"{"ids":[]}"#, 400),
            .bad("a bad id among them", .DELETE, path + "/bulk", #"{"ids":[1,"2"]}"#, 400),
            .bad("0 among them", .DELETE, path + "/bulk", #"{"ids":[0]}"#, 400),
            .bad("no body", .DELETE, path + "/bulk", nil, 400),
        ])

    private static let path = "/api/archived-downloads"

    private static func row(_ torrent: String, _ hash: String, tracker: Shape, name: Shape) -> Shape {
        [
            "id": .id, "torrent_id": .exactly(.string(torrent)), "hash": .exactly(.string(hash)), "tracker": tracker,
            "name": name, "archived_at": .sqliteTime, "created_at": .sqliteTime,
        ]
    }

    private static let anyRow: Shape = [
        "id": .id, "torrent_id": .text, "hash": .text, "tracker": .nullable(.text), "name": .nullable(.text),
        "archived_at": .sqliteTime, "created_at": .sqliteTime,
    ]

    private static func downloads(_ count: Int) -> String {
        (1...count).map { "{\"torrent_id\":\($0),\"hash\":\"h\"}" }.joined(separator: ",")
    }

    /// The `pagination` of a list.
    static func pages(_ page: Int64, _ limit: Int64, _ total: Int64, _ pages: Int64) -> Shape {
        [
            "page": .exactly(.integer(page)), "limit": .exactly(.integer(limit)), "total": .exactly(.integer(total)),
            "totalPages": .exactly(.integer(pages)),
        ]
    }
}
