/// The read calls: lists, single rows, the queue, the user.
extension SimulatedAccount {
    /// TorBox's greatest page. Source: torbox-api.md 5.1.
    static let greatestPage = 1_000

    mutating func list(
        _ call: SimulatorCall, faults: CallFaults, at second: Int, staleSeconds: Int
    ) throws(Refusal) -> Answer {
        let kind = call.endpoint.kind
        if let id = try call.int("id") { return try one(kind, id, faults: faults, at: second) }
        let offset = try call.int("offset") ?? 0
        let limit = min(try call.int("limit") ?? Self.greatestPage, Self.greatestPage)
        guard faults.distortions.isEmpty else {
            return distorted(kind, offset: offset, limit: limit, faults.distortions, at: second)
        }
        let key = PageCache.Key(kind: kind, offset: offset, limit: limit)
        if !call.bypassesCache, let body = pages.stale(key, second: second, within: staleSeconds) {
            return Answer(body: body)
        }
        if let body = pages.present(key, revision: revision, second: second) { return Answer(body: body) }
        let body = page(kind, offset: offset, limit: limit, at: second)
        pages.store(body, for: key, revision: revision, second: second, evolves: table(kind).hasEvolvingRows)
        return Answer(body: body)
    }

    /// Encodes a page without a detour through values for the envelope: this is the hot path.
    private func page(_ kind: AssetKind, offset: Int, limit: Int, at second: Int) -> [UInt8] {
        let table = table(kind)
        let start = min(offset, table.count)
        let end = min(start + limit, table.count)
        var rows = RowWriter(reserving: 160 + (end - start) * 1_500)
        rows.json.raw("{\"success\":true,\"error\":null,\"detail\":")
        rows.json.string(kind.listDetail)
        rows.json.raw(",\"data\":[")
        for place in start..<end {
            guard let row = table.row(at: place) else { continue }
            if place > start { rows.json.raw(",") }
            rows.row(row.item(at: second, refreshSeconds: settings.refreshSeconds), accountID: identity.authID)
        }
        rows.json.raw("]}")
        return rows.json.bytes
    }

    private func distorted(
        _ kind: AssetKind, offset: Int, limit: Int, _ kinds: [FaultKind], at second: Int
    ) -> Answer {
        let distortion = distortion(kinds)
        let all = items(kind, at: second)
        let page = Array(all.dropFirst(distortion.offset(offset)).prefix(limit))
        var rows = RowWriter()
        rows.json.raw("[")
        for (place, kept) in distortion.kept(page, id: \.id).enumerated() {
            if place > 0 { rows.json.raw(",") }
            var item = kept
            distortion.distort(&item, place: place)
            rows.row(item, accountID: identity.authID)
        }
        rows.json.raw("]")
        return .list(kind.listDetail, rows: rows.json.bytes, kinds)
    }

    private func one(_ kind: AssetKind, _ id: Int, faults: CallFaults, at second: Int) throws(Refusal) -> Answer {
        guard let row = table(kind)[id] else { throw Refusal(.itemNotFound) }
        let distortion = distortion(faults.distortions)
        let found = row.item(at: second, refreshSeconds: settings.refreshSeconds)
        guard var item = distortion.kept([found], id: \.id).first else { throw Refusal(.itemNotFound) }
        distortion.distort(&item, place: 0)
        var rows = RowWriter()
        rows.row(item, accountID: identity.authID)
        return .list(kind.listDetail, rows: rows.json.bytes, faults.distortions)
    }

    func queued(_ call: SimulatorCall, faults: CallFaults, at second: Int) throws(Refusal) -> Answer {
        guard let kind = AssetKind(rawValue: call.query["type"] ?? "torrent") else {
            throw Refusal(.failure(400, "INVALID_OPTION", "The type must be one of torrent, usenet, webdl."))
        }
        let offset = try call.int("offset") ?? 0
        let limit = min(try call.int("limit") ?? Self.greatestPage, Self.greatestPage)
        let distortion = distortion(faults.distortions)
        let all = Array(queue.reversed().filter { $0.kind == kind })
        var rows = RowWriter()
        if let id = try call.int("id") {
            guard var item = all.first(where: { $0.id == id }) else { throw Refusal(.itemNotFound) }
            distortion.distort(&item, place: 0)
            rows.row(item, accountID: identity.authID)
            return .list("Here is the queue.", rows: rows.json.bytes, faults.distortions)
        }
        rows.json.raw("[")
        let page = Array(all.dropFirst(distortion.offset(offset)).prefix(limit))
        for (place, kept) in distortion.kept(page, id: \.id).enumerated() {
            if place > 0 { rows.json.raw(",") }
            var item = kept
            distortion.distort(&item, place: place)
            rows.row(item, accountID: identity.authID)
        }
        rows.json.raw("]")
        return .list("Here is the queue.", rows: rows.json.bytes, faults.distortions)
    }

    private func distortion(_ kinds: [FaultKind]) -> RowDistortion {
        guard kinds.contains(.duplicateIDs) else { return RowDistortion(kinds: kinds) }
        let torrents = table(.torrent)
        return RowDistortion(kinds: kinds, torrentIDs: (0..<torrents.count).compactMap { torrents.row(at: $0)?.id })
    }
}

extension Answer {
    /// A list answer, with the envelope as the faults want it.
    fileprivate static func list(_ detail: String, rows: [UInt8], _ kinds: [FaultKind]) -> Answer {
        if kinds.contains(.nullData) { return .success(detail) }
        if kinds.contains(.missingData) {
            return .text(200, "{\"success\":true,\"error\":null,\"detail\":\"\(detail)\"}")
        }
        return .success(detail, data: rows)
    }

    /// The answer of a call that is no list, with the envelope as the faults want it.
    func distorted(by kinds: [FaultKind]) -> Answer {
        var answer = self
        if kinds.contains(.nullData) { answer.body = Answer.success("Ok.").body }
        if kinds.contains(.missingData) {
            answer.body = Array("{\"success\":true,\"error\":null,\"detail\":\"Ok.\"}".utf8)
        }
        if kinds.contains(.wrongTypes) {
            answer.body = Array("{\"success\":\"yes\",\"error\":false,\"detail\":{\"a\":1},\"data\":\"text\"}".utf8)
        }
        return answer
    }
}
