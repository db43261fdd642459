import DomainModel
import ItemDecoding
import RuleEngine

/// A library with its past: rows as TorBox sends them, mostly sound, and what earlier polls may have kept of them.
extension Grower {
    mutating func items(_ count: Int) -> [DownloadItem] {
        (0..<count).compactMap { number in
            ItemDecoder.decodeRow(row(number), asset: pick(AssetType.allCases), isQueued: isTrue(oneIn: 4))
        }
    }

    private mutating func row(_ number: Int) -> JSONValue {
        var members: [String: JSONValue] = ["id": .integer(Int64(number)), "name": text()]
        for field in ItemField.allCases where field != .id && isTrue() { members[field.key] = value(of: field) }
        return .object(members)
    }

    private mutating func value(of field: ItemField) -> JSONValue {
        if isTrue(oneIn: 16) { return oddity() }
        switch field {
        case .id, .downloadSpeed, .uploadSpeed, .eta, .seeds, .peers, .size, .totalUploaded, .totalDownloaded,
            .fileCount, .progress, .ratio, .availability:
            return number()
        case .hash, .name, .tracker, .originalURL: return text()
        case .downloadState, .status:
            return .string(pick(["uploading", "downloading", "stalled (no seeds)", "completed", "cached", "levitating"]))
        case .active, .downloadFinished, .downloadPresent, .cached, .isPrivate, .airlocked, .allowZipped, .seedTorrent,
            .longTermSeeding:
            return .bool(isTrue())
        case .files: return list(upTo: 2) { _ in .object([:]) }
        case .createdAt, .cachedAt, .expiresAt:
            return .string(pick(["2026-01-01T00:00:00Z", "2026-01-02T03:04:05.678Z", "9999-12-31T23:59:59Z", "today"]))
        }
    }

    mutating func context(of items: [DownloadItem]) -> EvaluationContext {
        var context = EvaluationContext(now: time(), telemetry: [:], samples: [:], tags: [:])
        for item in items where isTrue() {
            context.telemetry[item.key] = Telemetry(
                lastDownloadActivity: time(), lastUploadActivity: isTrue() ? time() : nil,
                downloadStalledSince: isTrue() ? time() : nil, uploadStalledSince: isTrue() ? time() : nil)
            context.tags[item.key] = Set((0..<count(below: 3)).map { _ in Int64(count(below: 4)) })
            context.samples[item.key] = samples()
        }
        return context
    }

    /// In the order of time, as they are kept.
    private mutating func samples() -> [SpeedSample] {
        (0..<count(below: 4)).map { _ in
            SpeedSample(at: time(), downloaded: whole(), uploaded: whole())
        }.sorted { $0.at < $1.at }
    }

    private mutating func whole() -> Int64 { pick([0, 1, 1_000_000, .max, .min, -1]) }

    private mutating func time() -> Timestamp {
        Timestamp(milliseconds: 1_767_225_600_000 + Int64(byte()) * pick([1, 60_000, 3_600_000, -86_400_000]))
    }
}
