import DomainModel
import NIOHTTP1

extension ContractTable {
    static let keys = ContractTable(
        name: "keys",
        exchanges: [
            .good(
                "a known user", .POST, "/api/backend/api-key/ensure-db", "{}",
                ["authId": .text, "dbExists": true, "wasCreated": false, "message": .text], keeps: ["auth": "authId"]),
            .good(
                "pollInterval is accepted and ignored", .POST, "/api/backend/api-key/ensure-db",
                #"{"keyName":"mine","pollInterval":5}"#,
                ["authId": .kept("auth"), "dbExists": true, "wasCreated": false, "message": .text]),
            Exchange(
                title: "no key", method: .POST, path: "/api/backend/api-key/ensure-db", body: "{}", key: nil,
                status: 400,
                shape: ["success": false, "error": "API key is required"]),
            Exchange(
                title: "a key that TorBox does not know", method: .POST, path: "/api/backend/api-key/ensure-db",
                body: "{}", key: ContractService.strangersKey, status: 400,
                shape: ["success": false, "error": "Invalid API key or TorBox API unavailable"]),
            .good(
                "registered again", .POST, "/api/backend/api-key",
                #"{"apiKey":"\#(ContractService.key)","keyName":null}"#, ["message": .text, "authId": .kept("auth")]),
            .bad("no key in the body", .POST, "/api/backend/api-key", "{}", 400, "API key is required"),
            .bad(
                "an unknown key", .POST, "/api/backend/api-key", #"{"apiKey":"\#(ContractService.strangersKey)"}"#, 400,
                "Invalid API key or TorBox API unavailable"),
            Exchange(
                title: "how many users", method: .GET, path: "/api/backend/api-key/status",
                shape: ["success": true, "activeUsers": 1]),
        ])
}
