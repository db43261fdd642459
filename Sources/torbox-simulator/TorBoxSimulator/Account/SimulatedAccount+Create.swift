import Crypto

/// The calls that add downloads. Source: torbox-api.md 8.3.
extension SimulatedAccount {
    /// The greatest body of a create call, bytes.
    static let greatestUpload = 100_000_000

    mutating func create(_ call: SimulatorCall, mode: EffectMode, at second: Int) throws(Refusal) -> Answer {
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
        return made(
            AccountEffect.AddedItem(
                kind: kind, hash: source.hash, name: source.name, originalURL: source.link, isCached: isCached,
                isQueued: form.flag("as_queued") || waits), mode: mode, at: second)
    }

    /// Which of the hashes the shared store has. Source: torbox-api.md 9.
    func cached(_ call: SimulatorCall) -> Answer {
        let asked = (call.query["hash"] ?? "").split(separator: ",").map { $0.lowercased() }
        var writer = RowWriter()
        writer.json.raw("{")
        for (place, hash) in asked.filter(settings.cachedHashes.contains).enumerated() {
            if place > 0 { writer.json.raw(",") }
            writer.json.string(hash)
            writer.json.raw(":{\"name\":\"cached\",\"size\":1000000000,\"hash\":")
            writer.json.string(hash)
            writer.json.raw("}")
        }
        writer.json.raw("}")
        return .success("Cache lookup done.", data: writer.json.bytes)
    }

    private struct Source {
        var hash: String
        var name: String
        var link: String?
    }

    private mutating func made(_ item: AccountEffect.AddedItem, mode: EffectMode, at second: Int) -> Answer {
        // What is not done yet has no number yet.
        let id = mode == .immediate ? add(item, at: second) : nil
        if id == nil { _ = apply(.add(item), at: second, mode: mode) }
        var writer = RowWriter()
        writer.begin(overrides: [:], omitted: [])
        if let id { writer.field(item.isQueued ? "queued_id" : item.kind.createdKey) { $0.int(id) } }
        writer.field("auth_id") { $0.string(identity.authID) }
        writer.field("hash") { $0.string(item.hash) }
        writer.end()
        var answer = Answer.success(Self.detail(of: item), data: writer.json.bytes)
        answer.appliedEffect = id != nil
        answer.usedCachedBudget = item.isCached && !item.isQueued
        return answer
    }

    private static func detail(of item: AccountEffect.AddedItem) -> String {
        if item.isQueued { return "The \(item.kind.rawValue) was put in the queue." }
        return item.isCached
            ? "A cached \(item.kind.rawValue) was found and used." : "The \(item.kind.rawValue) was added."
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
        return Source(hash: Self.md5(Array(text.utf8)), name: name ?? last ?? text, link: text)
    }

    private func torrent(link: String?, file: [UInt8]?, name: String?) throws(Refusal) -> Source {
        let found = link.map { TorrentSource(magnet: $0) } ?? file.map { TorrentSource(torrentFile: $0) } ?? nil
        guard let found else { throw Refusal(.failure(400, "BOZO_TORRENT", "Not a torrent.")) }
        return Source(hash: found.infoHash, name: name ?? found.name ?? found.infoHash)
    }

    private func nzb(_ file: [UInt8], name: String?) throws(Refusal) -> Source {
        let text = String(decoding: file, as: UTF8.self)
        guard text.contains("<nzb") else { throw Refusal(.failure(400, "BOZO_NZB", "Not an NZB file.")) }
        return Source(hash: Self.md5(Self.cleaned(file)), name: name ?? "nzb")
    }

    /// TorBox takes the hash of a cleaned file, and nobody says what it cleans: here, the line ends.
    private static func cleaned(_ file: [UInt8]) -> [UInt8] { file.filter { $0 != UInt8(ascii: "\r") } }

    /// What TorBox takes for the hash of a link. Source: torbox-api.md 5.3, 5.4.
    private static func md5(_ bytes: [UInt8]) -> String { Array(Insecure.MD5.hash(data: bytes)).hexText }
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
