import DomainModel
import NIOHTTP1

extension ContractTable {
    static let links = ContractTable(
        name: "link history",
        exchanges: [
            .good("empty", .GET, path, nil, ["data": .elements([]), "pagination": pages(1, 50, 0, 0)]),
            .good(
                "added", .POST, path,
                #"{"item_id":7,"file_id":3,"url":"https://x/1","asset_type":"torrents","item_name":"Harbour"}"#,
                [
                    "data": [
                        "id": .id, "item_id": "7", "file_id": "3", "url": "https://x/1", "asset_type": "torrents",
                        "item_name": "Harbour", "file_name": nil, "generated_at": .sqliteTime,
                        "created_at": .sqliteTime,
                        "status": "success",
                    ]
                ], keeps: ["old": "data.id"]),
            .good(
                "replaced", .POST, path, #"{"item_id":"7","file_id":"3","asset_type":"torrents","status":"failed"}"#,
                ["data": .including(["url": "", "status": "failed", "file_id": "3"])], keeps: ["new": "data.id"]),
            .good(
                "a whole item: file 0 is none", .POST, path,
                #"{"item_id":"7","file_id":0,"url":"https://x/0","asset_type":"torrents"}"#,
                ["data": .including(["file_id": nil, "status": "success"])]),
            .bad("no item", .POST, path, #"{"url":"u","asset_type":"torrents"}"#, 400),
            .bad("no kind", .POST, path, #"{"item_id":1,"url":"u"}"#, 400),
            .bad("a bad kind", .POST, path, #"{"item_id":1,"url":"u","asset_type":"torrent"}"#, 400),
            .bad("no address", .POST, path, #"{"item_id":1,"asset_type":"usenet"}"#, 400),
            .good(
                "many: two usable, one of them twice, two not", .POST, path + "/bulk",
                """
                {"entries":[{"item_id":9,"url":"u","asset_type":"usenet","generated_at":"2026-08-20T10:00:00.000Z"},\
                {"item_id":"9","url":"v","asset_type":"usenet"},{"item_id":7,"file_id":3,"url":"w","asset_type":"torrents"},\
                {"item_id":1},5]}
                """,
                ["message": .text, "data": ["requested": 5, "validated": 2, "deleted": 1, "inserted": 2]]),
            .bad("many, none usable", .POST, path + "/bulk", #"{"entries":[{}]}"#, 400),
            .bad("none", .POST, path + "/bulk", #"{"entries":[]}"#, 400),
            .bad("no list", .POST, path + "/bulk", "{}", 400),
            .good(
                "searched by address", .GET, path + "?search=X/0&page=1&limit=10", nil,
                ["data": .elements([row]), "pagination": pages(1, 10, 1, 1)]),
            .good(
                "by cursor", .GET, path + "?keyset=1&limit=2", nil,
                ["data": .elements([row, row]), "pagination": ["limit": 2, "nextCursor": .text, "hasMore": true]],
                keeps: ["cursor": "pagination.nextCursor"]),
            .good(
                "the rest", .GET, path + "?keyset=true&limit=2&cursor={cursor}", nil,
                [
                    "data": .elements([
                        .including(["generated_at": "2026-08-20T10:00:00.000Z", "item_id": "9", "url": "u"])
                    ]), "pagination": ["limit": 2, "nextCursor": nil, "hasMore": false],
                ], keeps: ["last": "data.0.id"]),
            .bad("a bad cursor", .GET, path + "?keyset=1&cursor=zz", nil, 400, "Invalid cursor"),
            .good("deleted", .DELETE, path + "/{last}", nil, ["message": .text]),
            .bad("deleted again", .DELETE, path + "/{last}", nil, 404, "Link history entry not found"),
            .bad("a bad id", .DELETE, path + "/x", nil, 400, badID),
            .good(
                "many deleted", .DELETE, path + "/bulk", #"{"ids":[{old},1,2,3,4,5,6]}"#,
                ["message": .text, "data": ["deleted": 2, "requested": 7]]),
            .bad("none deleted", .DELETE, path + "/bulk", #"{"ids":[]}"#, 400),
            .bad("bad ids", .DELETE, path + "/bulk", #"{"ids":["a"]}"#, 400),
        ])

    private static let path = "/api/link-history"

    private static let row: Shape = [
        "id": .id, "item_id": .text, "file_id": .nullable(.text), "url": .text, "asset_type": .text,
        "item_name": .nullable(.text), "file_name": .nullable(.text), "generated_at": .text, "created_at": .sqliteTime,
        "status": .text,
    ]
}
