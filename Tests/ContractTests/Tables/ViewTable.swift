import DomainModel
import NIOHTTP1

extension ContractTable {
    static let views = ContractTable(
        name: "views",
        exchanges: [
            .good("none yet", .GET, path, nil, ["views": .elements([])]),
            .good(
                "made, with empty parts", .POST, path,
                #"{"name":"All","filters":{"groups":[{"_key":"g","filters":[]}]},"sort_field":"","search_query":"  "}"#,
                [
                    "view": view(
                        "All", order: 0, filters: ["groups": .elements([["_key": "g", "filters": .elements([])]])])
                ],
                keeps: ["first": "view.id"]),
            .good(
                "made, with all parts", .POST, path,
                """
                {"name":"Seeding","filters":[{"old":"shape"}],"sort_field":"ratio","sort_direction":"desc",\
                "visible_columns":["name","ratio"],"asset_type":"torrents","search_query":" x "}
                """,
                [
                    "view": [
                        "id": .id, "name": "Seeding", "filters": .elements([["old": "shape"]]), "sort_field": "ratio",
                        "sort_direction": "desc", "visible_columns": .elements(["name", "ratio"]),
                        "asset_type": "torrents",
                        "search_query": "x", "sort_order": 1, "created_at": .sqliteTime, "updated_at": .sqliteTime,
                    ]
                ], keeps: ["second": "view.id"]),
            .bad("no filters", .POST, path, #"{"name":"x"}"#, 400),
            .bad("no name", .POST, path, #"{"filters":{}}"#, 400),
            .bad("an empty name", .POST, path, #"{"name":"","filters":{}}"#, 400),
            .bad("null filters", .POST, path, #"{"name":"x","filters":null}"#, 400),
            .bad("columns that are no list", .POST, path, #"{"name":"x","filters":{},"visible_columns":{}}"#, 400),
            .good(
                "one", .GET, path + "/{second}", nil, ["view": .including(["id": .kept("second"), "name": "Seeding"])]),
            .bad("an unknown one", .GET, path + "/9999", nil, 404, "Custom view not found"),
            .bad("a bad id", .GET, path + "/x", nil, 400, badID),
            .good(
                "a part changed, a part cleared", .PUT, path + "/{second}", #"{"sort_field":null,"name":"S"}"#,
                [
                    "view": .including([
                        "name": "S", "sort_field": nil, "sort_direction": "desc",
                        "visible_columns": .elements(["name", "ratio"]),
                    ])
                ]),
            .good("nothing changed", .PUT, path + "/{second}", "{}", ["view": .including(["name": "S"])]),
            .bad("a name emptied", .PUT, path + "/{second}", #"{"name":""}"#, 400),
            .bad("an unknown one changed", .PUT, path + "/9999", "{}", 404, "Custom view not found"),
            .good("reordered", .PATCH, path + "/reorder", #"{"ids":[{second},{first}]}"#, [:]),
            .good(
                "listed in that order", .GET, path, nil,
                [
                    "views": .elements([
                        .including(["id": .kept("second"), "sort_order": 0]),
                        .including(["id": .kept("first"), "sort_order": 1]),
                    ])
                ]),
            .bad("not all of them", .PATCH, path + "/reorder", #"{"ids":[{first}]}"#, 400),
            .bad("one twice", .PATCH, path + "/reorder", #"{"ids":[{first},{first}]}"#, 400),
            .bad("one too many", .PATCH, path + "/reorder", #"{"ids":[{first},{second},9999]}"#, 400),
            .bad("no ids", .PATCH, path + "/reorder", "{}", 400),
            .good("deleted", .DELETE, path + "/{first}", nil, ["message": .text]),
            .bad("deleted again", .DELETE, path + "/{first}", nil, 404, "Custom view not found"),
        ])

    private static let path = "/api/custom-views"

    private static func view(_ name: String, order: Int64, filters: Shape) -> Shape {
        [
            "id": .id, "name": .exactly(.string(name)), "filters": filters, "sort_field": nil, "sort_direction": nil,
            "visible_columns": nil, "asset_type": nil, "search_query": nil, "sort_order": .exactly(.integer(order)),
            "created_at": .sqliteTime, "updated_at": .sqliteTime,
        ]
    }
}
