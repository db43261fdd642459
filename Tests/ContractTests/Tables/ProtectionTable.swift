import DomainModel
import NIOHTTP1

extension ContractTable {
    static let protection = ContractTable(
        name: "protection",
        exchanges: [
            .good("nothing protected", .GET, path, nil, ["protected_ids": .elements([])]),
            .good(
                "protected", .PUT, path, #"{"download_ids":[5,"6",5],"protected":true}"#,
                ["protected_ids": .elements(["5", "6"])]),
            .good("listed", .GET, path, nil, ["protected_ids": .elements(["5", "6"])]),
            .good(
                "some blocked", .POST, path + "/assert", #"{"download_ids":[7,"5",7],"operation":"delete"}"#,
                ["allowed": .elements(["7"]), "blocked": .elements(["5"])]),
            .good(
                "none blocked", .POST, path + "/assert", #"{"download_ids":["7"],"operation":"stop_seeding"}"#,
                ["allowed": .elements(["7"]), "blocked": .elements([])]),
            .bad(
                "all blocked", .POST, path + "/assert", #"{"download_ids":[6,5],"operation":"archive"}"#, 403,
                "Download is protected", ["code": "DOWNLOAD_PROTECTED", "blocked_ids": .elements(["6", "5"])]),
            .bad("a harmless operation", .POST, path + "/assert", #"{"download_ids":[7],"operation":"pause"}"#, 400),
            .bad("no operation", .POST, path + "/assert", #"{"download_ids":[7]}"#, 400),
            .bad("no ids to ask about", .POST, path + "/assert", #"{"download_ids":[],"operation":"delete"}"#, 400),
            .good("freed", .PUT, path, #"{"download_ids":[5],"protected":false}"#, ["protected_ids": .elements(["6"])]),
            .bad("no ids", .PUT, path, #"{"download_ids":[],"protected":true}"#, 400),
            .bad("odd ids", .PUT, path, #"{"download_ids":[{}],"protected":true}"#, 400),
            .bad("neither yes nor no", .PUT, path, #"{"download_ids":[5]}"#, 400),
            .bad(
                "1001 ids", .PUT, path,
                "{\"download_ids\":[\((1...1_001).map(String.init).joined(separator: ","))],\"protected\":true}", 400),
        ])

    private static let path = "/api/downloads/protect"
}
