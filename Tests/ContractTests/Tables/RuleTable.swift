import DomainModel
import NIOHTTP1

extension ContractTable {
    static let rules = ContractTable(
        name: "rules",
        exchanges: [
            .good("none yet", .GET, path, nil, ["rules": .elements([])]),
            .good(
                "two rules", .POST, path, "{\"rules\":[\(keep),\(flat)]}", ["message": .text, "rules": .list(rule)],
                keeps: ["first": "rules.0.id", "second": "rules.1.id"]),
            .good(
                "in posted order, with ids, private keys and groups", .POST, path,
                "{\"rules\":[\(keep.replacing("{", with: "{\"id\":{first},", maxReplacements: 1))]}",
                [
                    "message": .text,
                    "rules": .elements([
                        .including([
                            "id": .kept("first"), "name": "keep", "enabled": false,
                            "metadata": ["createdAt": 1_767_900_000_000],
                            "trigger": ["type": "interval", "value": 45], "action": ["type": "delete"],
                            "groups": .elements([
                                [
                                    "logicOperator": "and", "_key": "g1",
                                    "conditions": .elements([
                                        ["type": "RATIO", "operator": "gt", "value": 1, "_key": "c1"]
                                    ]),
                                ]
                            ]),
                            "logicOperator": "or", "execution_count": 0, "last_executed_at": nil,
                        ])
                    ]),
                ]),
            .good("listed", .GET, path, nil, ["rules": .elements([rule])]),
            .good("one", .GET, path + "/{first}", nil, ["rule": rule]),
            .bad("one that was replaced", .GET, path + "/{second}", nil, 404, "Rule not found"),
            .good("run by hand", .POST, path + "/{first}/run", nil, ["result": outcome]),
            .good("run again at once", .POST, path + "/{first}/run", nil, ["result": limited]),
            .good(
                "an unknown one run", .POST, path + "/9999/run", nil,
                ["result": .including(["error": "Rule not found", "executed": false])]),
            .bad("a bad id run", .POST, path + "/x/run", nil, 400, badID),
            .good("switched on", .PUT, path + "/{first}", #"{"enabled":true}"#, ["message": .text]),
            .good("switched off", .PUT, path + "/{first}", #"{"enabled":false}"#, ["message": .text]),
            .good("switching an unknown one", .PUT, path + "/9999", #"{"enabled":true}"#, ["message": .text]),
            .bad("switching without saying how", .PUT, path + "/{first}", "{}", 400),
            .bad("a bad id", .PUT, path + "/x", #"{"enabled":true}"#, 400, badID),
            .good("an empty log", .GET, path + "/{first}/logs", nil, ["logs": .elements([])]),
            .good("the log of an unknown rule", .GET, path + "/9999/logs", nil, ["logs": .elements([])]),
            .bad("the log of a bad id", .GET, path + "/0/logs", nil, 400, badID),
            .good("a log emptied", .DELETE, path + "/{first}/logs", nil, ["message": .text]),
            .good("a log emptied of no rule", .DELETE, path + "/9999/logs", nil, ["message": .text]),
            .bad("a log emptied of a bad id", .DELETE, path + "/-1/logs", nil, 400, badID),
            .bad("no rules", .POST, path, "{}", 400),
            .bad("broken JSON", .POST, path, #"{"rules":["#, 400),
            .bad("a bad rule", .POST, path, #"{"rules":[{"name":""}]}"#, 400),
            .good("leading digits are an id", .DELETE, path + "/{first}abc", nil, ["message": .text]),
            .good("deleting it again", .DELETE, path + "/{first}", nil, ["message": .text]),
            .bad("deleting a bad id", .DELETE, path + "/abc", nil, 400, badID),
            .good("all rules deleted", .POST, path, #"{"rules":[]}"#, ["message": .text, "rules": .elements([])]),
        ])

    static let badID = "Invalid id. Must be a positive integer."
    private static let path = "/api/automation/rules"

    private static let keep = """
        {"name":"keep","enabled":false,"assetTypes":["torrent"],"trigger":{"type":"interval","value":45},\
        "logicOperator":"or","groups":[{"logicOperator":"and","_key":"g1",\
        "conditions":[{"type":"RATIO","operator":"gt","value":1,"_key":"c1"}]}],"action":{"type":"delete"},\
        "metadata":{"createdAt":1767900000000}}
        """
    /// As frontends of January 2026 post rules.
    private static let flat = """
        {"id":1767900000123,"name":"flat","enabled":false,"trigger":{"type":"interval","value":5},\
        "conditions":[{"type":"RATIO","operator":"gt","value":1}],"action":{"type":"stop_seeding"}}
        """

    private static let outcome: Shape = [
        "ruleId": .kept("first"), "ruleName": "keep", "totalTorrents": 0, "matchedTorrents": 0, "processedTorrents": 0,
        "successCount": 0, "errorCount": 0, "executed": false, "skipped": true, "executionTime": .text,
        "reason": "No downloads match",
    ]
    private static let limited: Shape = .including([
        "ruleId": .kept("first"), "executed": false, "skipped": true, "rateLimited": true,
        "lastEvaluatedAt": .sqliteTime, "rateLimitMinutes": 5, "executionTime": .text, "reason": .text,
    ])

    private static let rule: Shape = [
        "id": .id, "name": .text, "enabled": .flag, "assetTypes": .list(.text), "trigger": .any, "action": .any,
        "metadata": .any, "last_executed_at": .nullable(.sqliteTime), "last_evaluated_at": .nullable(.sqliteTime),
        "execution_count": .whole, "created_at": .sqliteTime, "updated_at": .sqliteTime,
        "groups": .list(.including(["conditions": .list(.any)])), "logicOperator": .text,
        "attention": .optional(.text), "disabled_reason": .optional(.text),
    ]
}
