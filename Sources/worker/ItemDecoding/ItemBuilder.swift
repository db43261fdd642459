import DomainModel

/// Turns the fields of one row, in any order, into an item. The one place where a field gets its meaning: the fast
/// list reader and the reader of single JSON values both come here.
struct ItemBuilder {
    private var item: DownloadItem
    private(set) var id: Int64?
    private var filesCount: Int?
    private var statedFileCount: Int64?

    /// The key is completed by ``finish()``; its number means nothing before.
    init(asset: AssetType, isQueued: Bool) {
        item = DownloadItem(key: ItemKey(asset: asset, isQueued: isQueued, id: 0))
        item.isMarkedQueued = isQueued
    }

    /// Takes one field; of several with one name, the last. Returns whether the value was usable.
    mutating func take(_ field: ItemField, _ value: RawField) -> Bool {
        switch field {
        case .id, .hash, .name, .tracker, .originalURL, .downloadState, .status: takeText(field, value)
        case .active, .downloadFinished, .downloadPresent, .cached, .isPrivate, .airlocked, .allowZipped,
            .seedTorrent, .longTermSeeding:
            takeFlag(field, value)
        case .createdAt, .cachedAt, .expiresAt: takeTime(field, value)
        default: takeNumber(field, value)
        }
    }

    /// The item, nil when no usable id came.
    consuming func finish() -> DownloadItem? {
        guard let id else { return nil }
        return finish(id: id)
    }

    /// The item under a number of the caller's.
    consuming func finish(id: Int64) -> DownloadItem {
        item.key = ItemKey(asset: item.key.asset, isQueued: item.key.isQueued, id: id)
        item.fileCount = filesCount.map { Double($0) } ?? statedFileCount.map { Double($0) }
        return item
    }
}

extension ItemBuilder {
    private mutating func takeText(_ field: ItemField, _ value: RawField) -> Bool {
        switch field {
        case .id: id = Self.usableID(value)
        case .hash: item.hash = value.nonEmptyLowercaseString
        case .name: item.name = value.string
        case .tracker: item.tracker = value.string
        case .originalURL: item.originalURL = value.string
        case .downloadState:
            item.downloadState = value.nonEmptyString
            item.hasUnreadableState = value.isUnreadableText
        default: item.isMarkedQueued = item.key.isQueued || Self.saysQueued(value)
        }
        if case .text = value { return true }
        return field == .id && id != nil
    }

    private mutating func takeFlag(_ field: ItemField, _ value: RawField) -> Bool {
        switch field {
        case .active: item.isActive = value.isOn
        case .downloadFinished: item.isFinished = value.isTruthy
        case .downloadPresent: item.isPresent = value.isTruthy
        case .cached: item.isCached = value.isOn
        case .isPrivate: item.isPrivate = value.isOn
        case .airlocked: item.isAirlocked = value.isOn
        case .allowZipped: item.allowsZip = value.isOn
        case .seedTorrent: item.isSeedingEnabled = value.isOn
        default: item.isLongTermSeeding = value.isOn
        }
        switch value {
        case .null, .array, .object: return false
        default: return true
        }
    }

    private mutating func takeNumber(_ field: ItemField, _ value: RawField) -> Bool {
        switch field {
        case .files:
            filesCount = if case .array(let count) = value { count } else { nil }
            return filesCount != nil
        case .fileCount: return Self.set(&statedFileCount, value.counter)
        case .totalUploaded: return Self.set(&item.totalUploaded, value.counter)
        case .totalDownloaded: return Self.set(&item.totalDownloaded, value.counter)
        case .ratio:
            if case .null = value {
                item.hasUnreadableRatio = false
            } else {
                item.hasUnreadableRatio = value.number == nil
            }
            return Self.set(&item.ratio, value.number)
        case .progress: return Self.set(&item.progress, value.number)
        case .downloadSpeed: return Self.set(&item.downloadSpeed, value.number)
        case .uploadSpeed: return Self.set(&item.uploadSpeed, value.number)
        case .eta: return Self.set(&item.eta, value.number)
        case .seeds: return Self.set(&item.seeds, value.number)
        case .peers: return Self.set(&item.peers, value.number)
        case .availability: return Self.set(&item.availability, value.number)
        default: return Self.set(&item.size, value.number)
        }
    }

    private mutating func takeTime(_ field: ItemField, _ value: RawField) -> Bool {
        switch field {
        case .createdAt: Self.set(&item.createdAt, value.timestamp)
        case .cachedAt: Self.set(&item.cachedAt, value.timestamp)
        default: Self.set(&item.expiresAt, value.timestamp)
        }
    }

    private static func set<Value>(_ place: inout Value?, _ value: Value?) -> Bool {
        place = value
        return value != nil
    }

    private static func usableID(_ value: RawField) -> Int64? {
        switch value {
        case .integer(let whole) where whole > 0: whole
        case .number(let number) where number > 0: Int64(exactly: number)
        default: nil
        }
    }

    /// Whether a `status` is the text `queued` in any letter case.
    private static func saysQueued(_ value: RawField) -> Bool {
        guard case .text(let bytes) = value, bytes.count == 6 else { return false }
        return String(decoding: bytes, as: UTF8.self).lowercased() == "queued"
    }
}
