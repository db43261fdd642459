import DomainModel
import NIOHTTP1

extension ContractTable {
    static let tags = ContractTable(
        name: "tags",
        exchanges: [
            .good("none yet", .GET, "/api/tags", nil, ["tags": .elements([])]),
            .good(
                "made, trimmed", .POST, "/api/tags", #"{"name":"  keep "}"#, ["tag": tag("keep")],
                keeps: ["tag": "tag.id"]),
            .good(
                "another", .POST, "/api/tags", #"{"name":"Later"}"#, ["tag": tag("Later")], keeps: ["other": "tag.id"]),
            .bad("the same in capitals", .POST, "/api/tags", #"{"name":"KEEP"}"#, 409),
            .bad("blank", .POST, "/api/tags", #"{"name":"  "}"#, 400),
            .bad("no name", .POST, "/api/tags", "{}", 400),
            .bad("101 characters", .POST, "/api/tags", "{\"name\":\"\(String(repeating: "x", count: 101))\"}", 400),
            .good("one", .GET, "/api/tags/{tag}", nil, ["tag": counted("keep", 0)]),
            .bad("an unknown one", .GET, "/api/tags/9999", nil, 404, "Tag not found"),
            .bad("a bad id", .GET, "/api/tags/x", nil, 400, badID),
            .good("renamed", .PUT, "/api/tags/{tag}", #"{"name":"kept"}"#, ["tag": tag("kept")]),
            .good("renamed to itself", .PUT, "/api/tags/{tag}", #"{"name":"KEPT"}"#, ["tag": tag("KEPT")]),
            .bad("renamed to another's", .PUT, "/api/tags/{tag}", #"{"name":"later"}"#, 409),
            .bad("renamed to nothing", .PUT, "/api/tags/{tag}", #"{"name":""}"#, 400),
            .bad("an unknown one renamed", .PUT, "/api/tags/9999", #"{"name":"y"}"#, 404, "Tag not found"),
            .good("no mappings", .GET, mappings, nil, ["mappings": [:]]),
            .good(
                "added", .POST, mappings, #"{"download_ids":[9912,"13"],"tag_ids":[{tag},{other}]}"#, ["message": .text]
            ),
            .good(
                "mapped, by name", .GET, mappings, nil,
                [
                    "mappings": [
                        "9912": .elements([ref("{tag}", "KEPT"), ref("{other}", "Later")]),
                        "13": .elements([ref("{tag}", "KEPT"), ref("{other}", "Later")]),
                    ]
                ]),
            .good(
                "removed", .POST, mappings, #"{"download_ids":[13],"tag_ids":[{tag}],"operation":"remove"}"#,
                ["message": .text]),
            .good(
                "replaced", .POST, mappings, #"{"download_ids":[9912],"tag_ids":[{other}],"operation":"replace"}"#,
                ["message": .text]),
            .good("adding nothing", .POST, mappings, #"{"download_ids":[9912],"tag_ids":[]}"#, ["message": .text]),
            .good(
                "mapped anew", .GET, mappings, nil,
                [
                    "mappings": [
                        "9912": .elements([ref("{other}", "Later")]), "13": .elements([ref("{other}", "Later")]),
                    ]
                ]),
            .good(
                "counted, in binary order of names", .GET, "/api/tags", nil,
                ["tags": .elements([counted("KEPT", 0), counted("Later", 2)])]),
            .bad("no downloads", .POST, mappings, #"{"download_ids":[],"tag_ids":[]}"#, 400),
            .bad("no tag list", .POST, mappings, #"{"download_ids":[1],"tag_ids":{}}"#, 400),
            .bad("an id that is no number", .POST, mappings, #"{"download_ids":["1a"],"tag_ids":[]}"#, 400),
            .bad("a download twice", .POST, mappings, #"{"download_ids":[1,"1"],"tag_ids":[]}"#, 400),
            .bad("a tag twice", .POST, mappings, #"{"download_ids":[1],"tag_ids":[{tag},{tag}]}"#, 400),
            .bad("an unknown tag", .POST, mappings, #"{"download_ids":[1],"tag_ids":[9999]}"#, 400),
            .bad("a bad operation", .POST, mappings, #"{"download_ids":[1],"tag_ids":[],"operation":"x"}"#, 400),
            .bad(
                "1001 downloads", .POST, mappings,
                "{\"download_ids\":[\((1...1_001).map(String.init).joined(separator: ","))],\"tag_ids\":[]}", 400),
            .bad(
                "101 tags", .POST, mappings,
                "{\"download_ids\":[1],\"tag_ids\":[\((1...101).map(String.init).joined(separator: ","))]}", 400),
            .good("deleted", .DELETE, "/api/tags/{other}", nil, ["message": .text]),
            .bad("deleted again", .DELETE, "/api/tags/{other}", nil, 404, "Tag not found"),
            .good("mappings went with it", .GET, mappings, nil, ["mappings": [:]]),
        ])

    private static let mappings = "/api/downloads/tags"

    private static func tag(_ name: String) -> Shape {
        ["id": .id, "name": .exactly(.string(name)), "created_at": .sqliteTime, "updated_at": .sqliteTime]
    }

    private static func counted(_ name: String, _ count: Int64) -> Shape {
        [
            "id": .id, "name": .exactly(.string(name)), "created_at": .sqliteTime, "updated_at": .sqliteTime,
            "usage_count": .exactly(.integer(count)),
        ]
    }

    private static func ref(_ kept: String, _ name: String) -> Shape {
        ["id": .kept(String(kept.dropFirst().dropLast())), "name": .exactly(.string(name))]
    }
}
