import DomainModel

/// The tables of a case that are not rows of TorBox's, by bare number as they were recorded.
struct CaseHistory {
    private var telemetry: [Int64: Telemetry] = [:]
    private var samples: [Int64: [SpeedSample]] = [:]
    private var tags: [Int64: Set<Int64>] = [:]

    /// Rows without a usable number, or with a time that is none, are left out.
    init(_ value: JSONValue) {
        for row in value["telemetry"]?.arrayValue ?? [] {
            guard let id = Self.number(row["torrent_id"]) else { continue }
            telemetry[id] = Telemetry(
                lastDownloadActivity: Self.time(row["last_download_activity_at"]),
                lastUploadActivity: Self.time(row["last_upload_activity_at"]),
                downloadStalledSince: Self.time(row["stalled_since"]),
                uploadStalledSince: Self.time(row["upload_stalled_since"]))
        }
        for row in value["speed"]?.arrayValue ?? [] { take(sample: row.arrayValue ?? []) }
        samples = samples.mapValues { $0.sorted { $0.at < $1.at } }
        for row in value["tags"]?.arrayValue ?? [] {
            guard let pair = row.arrayValue, pair.count == 2, let id = Self.number(pair[0]),
                let tag = Self.number(pair[1])
            else { continue }
            tags[id, default: []].insert(tag)
        }
    }

    /// Kept for torrents only.
    func telemetry(of items: [DownloadItem]) -> [ItemKey: Telemetry] {
        Self.keyed(items.filter { $0.key.asset == .torrent }, telemetry)
    }

    /// Kept for torrents only.
    func samples(of items: [DownloadItem]) -> [ItemKey: [SpeedSample]] {
        Self.keyed(items.filter { $0.key.asset == .torrent }, samples)
    }

    func tags(of items: [DownloadItem]) -> [ItemKey: Set<Int64>] { Self.keyed(items, tags) }

    private mutating func take(sample row: [JSONValue]) {
        guard row.count == 4, let id = Self.number(row[0]), let at = Self.time(row[1]),
            let downloaded = Self.number(row[2]), let uploaded = Self.number(row[3])
        else { return }
        samples[id, default: []].append(SpeedSample(at: at, downloaded: downloaded, uploaded: uploaded))
    }

    private static func keyed<Value>(_ items: [DownloadItem], _ table: [Int64: Value]) -> [ItemKey: Value] {
        var keyed: [ItemKey: Value] = [:]
        for item in items { keyed[item.key] = table[item.key.id] }
        return keyed
    }

    private static func number(_ value: JSONValue?) -> Int64? {
        value?.integerValue ?? value?.stringValue.flatMap { Int64($0) }
    }

    private static func time(_ value: JSONValue?) -> Timestamp? {
        value?.stringValue.flatMap { Timestamp(javaScriptText: $0) }
    }
}
