/// The calls that change rows. Source: torbox-api.md 7 and 8.
extension SimulatedAccount {
    mutating func control(_ call: SimulatorCall, mode: EffectMode, at second: Int) throws(Refusal) -> Answer {
        let kind = call.endpoint.kind
        let body = try ControlBody.decoded(from: call.body)
        let id = try checkedID(body, keys: [kind.controlKey])
        guard let operation = body.operation else { throw Refusal(.missing("operation")) }
        guard let effect = Self.effect(operation, kind, id) else {
            throw Refusal(.invalidOperation(Self.operations(of: kind)))
        }
        guard table(kind)[id] != nil else { throw Refusal(.itemNotFound) }
        return changed(effect, mode: mode, at: second, "The \(kind.rawValue) \(operation) was accepted.")
    }

    mutating func controlQueue(_ call: SimulatorCall, mode: EffectMode, at second: Int) throws(Refusal) -> Answer {
        let body = try ControlBody.decoded(from: call.body)
        let id = try checkedID(body, keys: ["queued_id"])
        guard let operation = body.operation else { throw Refusal(.missing("operation")) }
        guard operation == "start" || operation == "delete" else {
            throw Refusal(.invalidOperation(["delete", "start"]))
        }
        guard queue.contains(where: { $0.id == id }) else { throw Refusal(.itemNotFound) }
        if operation == "start", let refusal = activeLimitRefusal(at: second) { throw refusal }
        let effect: AccountEffect = operation == "start" ? .startQueued(id) : .deleteQueued(id)
        return changed(effect, mode: mode, at: second, "The queued item \(operation) was accepted.")
    }

    mutating func edit(_ call: SimulatorCall, mode: EffectMode, at second: Int) throws(Refusal) -> Answer {
        let kind = call.endpoint.kind
        let body = try ControlBody.decoded(from: call.body)
        let keys = kind == .usenet ? ["usenet_download_id", "usenet_id"] : [kind.controlKey]
        let id = try checkedID(body, keys: keys)
        guard let name = body.name, !name.allSatisfy(\.isWhitespace) else { throw Refusal(.missing("name")) }
        guard table(kind)[id] != nil else { throw Refusal(.itemNotFound) }
        let edit = ItemEdit(
            name: name, tags: body.tags ?? [], alternativeHashes: body.alternativeHashes ?? [],
            airlocked: body.airlocked ?? false)
        return changed(.edit(kind, id, edit), mode: mode, at: second, "The item was edited.")
    }

    /// Why nothing more can be started now; nil when a slot is free.
    func activeLimitRefusal(at second: Int) -> Refusal? {
        guard let limit = settings.activeLimit else { return nil }
        let active = AssetKind.allCases.reduce(0) { $0 + items($1, at: second).filter(\.active).count }
        return active >= limit ? Refusal(.activeLimit(limit, active: active)) : nil
    }

    private mutating func changed(
        _ effect: AccountEffect, mode: EffectMode, at second: Int, _ detail: String
    ) -> Answer {
        var answer = Answer.success(detail)
        answer.appliedEffect = apply(effect, at: second, mode: mode)
        return answer
    }

    /// The id of a body; a body that says `all` is refused whatever else it says, and counted.
    private func checkedID(_ body: ControlBody, keys: [String]) throws(Refusal) -> Int {
        if body.all == true {
            var answer = Answer.failure(400, "INVALID_OPTION", "The simulator refuses changes of everything at once.")
            answer.violation = "all"
            throw Refusal(answer)
        }
        for key in keys {
            if let id = body.ids[key] { return id }
        }
        throw Refusal(.missing(keys[0]))
    }

    private static func operations(of kind: AssetKind) -> [String] {
        switch kind {
        case .torrent: ["reannounce", "delete", "resume", "pause", "stop_seeding"]
        case .usenet: ["delete", "pause", "resume"]
        case .webDownload: ["delete"]
        }
    }

    private static func effect(_ operation: String, _ kind: AssetKind, _ id: Int) -> AccountEffect? {
        guard operations(of: kind).contains(operation) else { return nil }
        switch operation {
        case "delete": return .delete(kind, id)
        case "pause": return .pause(kind, id)
        case "resume": return .resume(kind, id)
        case "stop_seeding": return .stopSeeding(id)
        default: return .reannounce(id)
        }
    }
}

extension AssetKind {
    /// The name of an id in a control body.
    var controlKey: String {
        switch self {
        case .torrent: "torrent_id"
        case .usenet: "usenet_id"
        case .webDownload: "webdl_id"
        }
    }
}

extension Answer {
    static func missing(_ key: String) -> Answer {
        .failure(400, "MISSING_REQUIRED_OPTION", "Missing required option: \(key).")
    }

    fileprivate static func invalidOperation(_ accepted: [String]) -> Answer {
        .failure(400, "INVALID_OPTION", "Invalid operation. Accepted: \(accepted.joined(separator: ", ")).")
    }
}
