/// A fault in JSON: `kind` is the case's name, its parameters are keys of their own.
///
/// `{"kind":"status","status":502,"account":"key-1","endpoints":["torrents/mylist"],"times":3}`
struct FaultRequest: Decodable {
    var kind: String
    var account: String?
    var endpoints: [SimulatorEndpoint]?
    /// Absent means once.
    var times: Int?
    /// Strikes without end.
    var always: Bool?
    var skipping: Int?
    var probability: Double?
    var lastsMilliseconds: Int?

    var status: Int?
    var seconds: Int?
    var milliseconds: Int?
    var error: String?
    var body: String?
    var contentType: String?
    var ids: [Int]?
    var by: Int?
    var state: String?
    var fraction: Double?
    var appliesEffect: Bool?

    /// nil when the kind is unknown.
    var fault: SimulatedFault? {
        guard let kind = faultKind else { return nil }
        return SimulatedFault(
            kind, account: account, endpoints: Set(endpoints ?? []), times: always == true ? nil : times ?? 1,
            skipping: skipping ?? 0, probability: probability ?? 1, lastsMilliseconds: lastsMilliseconds)
    }

    private var faultKind: FaultKind? {
        switch kind {
        case "status": .status(status ?? 502)
        case "rateLimited": .rateLimited(retryAfterSeconds: seconds)
        case "edgeRateLimited": .edgeRateLimited
        case "successFalse": .successFalse(error: error)
        case "notFoundButSuccess": .notFoundButSuccess
        case "authError": .authError
        case "badToken": .badToken
        case "raw": .raw(status: status ?? 200, body: body ?? "", contentType: contentType ?? "application/json")
        case "missingData": .missingData
        case "nullData": .nullData
        case "wrongTypes": .wrongTypes
        default: listKind ?? deliveryKind
        }
    }

    private var listKind: FaultKind? {
        switch kind {
        case "emptyList": .emptyList
        case "halfList": .halfList
        case "vanished": .vanished(ids: ids ?? [])
        case "shiftedPages": .shiftedPages(by: by ?? 1)
        case "duplicateIDs": .duplicateIDs
        case "withoutIDs": .withoutIDs
        case "unknownState": .unknownState(state ?? "unlisted")
        default: nil
        }
    }

    private var deliveryKind: FaultKind? {
        switch kind {
        case "delay": .delay(milliseconds: milliseconds ?? 1_000)
        case "hang": .hang(appliesEffect: appliesEffect ?? false)
        case "cutBody": .cutBody(fraction: fraction ?? 0.5)
        case "answerLost": .answerLost
        case "statusAfterEffect": .statusAfterEffect(status ?? 502)
        case "retryAfterOnSuccess": .retryAfterOnSuccess(seconds: seconds ?? 1)
        case "effectDelayed": .effectDelayed(seconds: seconds ?? 60)
        case "effectDropped": .effectDropped
        default: nil
        }
    }
}
