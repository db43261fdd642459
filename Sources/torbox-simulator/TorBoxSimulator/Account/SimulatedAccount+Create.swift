/// The calls that add downloads. Source: torbox-api.md 8.3.
extension SimulatedAccount {
    /// The greatest body of a create call, bytes.
    static let greatestUpload = 100_000_000

    mutating func create(_ call: SimulatorCall, at second: Int) throws(Refusal) -> Answer {
        guard call.body.count <= Self.greatestUpload else {
            throw Refusal(.failure(400, "TOO_MUCH_DATA", "The file is over 100 MB."))
        }
        guard let form = FormBody(call.body, contentType: call.contentType) else {
            throw Refusal(.invalid("body", "form"))
        }
        let kind = call.endpoint.kind
        let source = try source(of: form, kind)
        if table(kind).contains(hash: source.hash)
            || queue.contains(where: { $0.kind == kind && $0.hash == source.hash })
        {
            throw Refusal(.failure(400, "DUPLICATE_ITEM", "This item is already there."))
        }
        let isCached = settings.cachedHashes.contains(source.hash)
        if form.flag("add_only_if_cached"), !isCached {
            throw Refusal(.failure(400, "DIFF_ISSUE", "This download is not cached."))
        }
        let waits = !isCached && activeLimitRefusal(at: second) != nil
        if form.flag("as_queued") || waits { return enqueue(kind, source, at: second) }
        return addNow(kind, source, isCached: isCached, at: second)
    }

    private struct Source {
        var hash: String
        var name: String
    }

    private mutating func enqueue(_ kind: AssetKind, _ source: Source, at second: Int) -> Answer {
        let id = nextQueueID()
        _ = put(SimulatedQueueItem(source.name, kind: kind, id: id, hash: source.hash, createdAt: second))
        return added("The \(kind.rawValue) was put in the queue.", key: "queued_id", id: id, hash: source.hash)
    }

    private mutating func addNow(_ kind: AssetKind, _ source: Source, isCached: Bool, at second: Int) -> Answer {
        let id = add(kind: kind, hash: source.hash, name: source.name, isCached: isCached, at: second)
        let detail = isCached ? "A cached \(kind.rawValue) was found and used." : "The \(kind.rawValue) was added."
        var answer = added(detail, key: kind.createdKey, id: id, hash: source.hash)
        answer.usedCachedBudget = isCached
        return answer
    }

    private func added(_ detail: String, key: StaticString, id: Int, hash: String) -> Answer {
        var writer = RowWriter()
        writer.begin(overrides: [:], omitted: [])
        writer.field(key) { $0.int(id) }
        writer.field("auth_id") { $0.string(identity.authID) }
        writer.field("hash") { $0.string(hash) }
        writer.end()
        var answer = Answer.success(detail, data: writer.json.bytes)
        answer.appliedEffect = true
        return answer
    }

    private func source(of form: FormBody, _ kind: AssetKind) throws(Refusal) -> Source {
        let linkKey = kind == .torrent ? "magnet" : "link"
        let link = form.fields[linkKey].flatMap { $0.isEmpty ? nil : $0 }
        let file = kind == .webDownload ? nil : form.file
        if link != nil, file != nil {
            throw Refusal(.failure(400, "TOO_MANY_OPTIONS", "Send one of the two, not both."))
        }
        guard link != nil || file != nil else { throw Refusal(.missing(linkKey)) }
        let name = form.fields["name"].flatMap { $0.isEmpty ? nil : $0 }
        if kind == .torrent { return try torrent(link: link, file: file, name: name) }
        if let file { return try nzb(file, name: name ?? form.fileName) }
        let text = link ?? ""
        guard text.hasPrefix("http") else { throw Refusal(.failure(400, "INVALID_OPTION", "The link is not valid.")) }
        let last = text.split(separator: "/").last.map(String.init)
        return Source(hash: SeededGenerator.hex(of: text, digits: 32), name: name ?? last ?? text)
    }

    private func torrent(link: String?, file: [UInt8]?, name: String?) throws(Refusal) -> Source {
        let found = link.map { TorrentSource(magnet: $0) } ?? file.map { TorrentSource(torrentFile: $0) } ?? nil
        guard let found else { throw Refusal(.failure(400, "BOZO_TORRENT", "Not a torrent.")) }
        return Source(hash: found.infoHash, name: name ?? found.name ?? found.infoHash)
    }

    private func nzb(_ file: [UInt8], name: String?) throws(Refusal) -> Source {
        let text = String(decoding: file, as: UTF8.self)
        guard text.contains("<nzb") else { throw Refusal(.failure(400, "BOZO_NZB", "Not an NZB file.")) }
        return Source(hash: SeededGenerator.hex(of: text, digits: 32), name: name ?? "nzb")
    }
}

extension AssetKind {
    /// The name of an id in the answer to a create. Source: the table of torbox-api.md 8.3.
    fileprivate var createdKey: StaticString {
        switch self {
        case .torrent: "torrent_id"
        case .usenet: "usenetdownload_id"
        case .webDownload: "webdownload_id"
        }
    }
}
