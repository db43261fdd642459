import Foundation

/// Rows given as TorBox writes them: known keys of the usual type become fields, all else stays raw JSON.
extension SimulatedItem {
    init(kind: AssetKind, row: [String: JSONValue]) {
        var name = "Unnamed"
        if case .string(let text)? = row["name"] { name = text }
        self.init(name, kind: kind)
        set(row)
    }

    mutating func set(_ row: [String: JSONValue]) {
        for (key, value) in row where !setField(key, value) { overrides[key] = value.text }
    }

    /// - Returns: Whether key and type are those of a field.
    private mutating func setField(_ key: String, _ value: JSONValue) -> Bool {
        switch value {
        case .int(let number): setInt(key, number) || setDouble(key, Double(number))
        case .double(let number): setDouble(key, number)
        case .bool(let flag): setBool(key, flag)
        case .string(let text): setText(key, text)
        case .array(let values): setTexts(key, values)
        case .null, .object: false
        }
    }

    private mutating func setInt(_ key: String, _ value: Int) -> Bool {
        let paths: [String: WritableKeyPath<SimulatedItem, Int>] = [
            "id": \.id, "size": \.size, "download_speed": \.downloadSpeed, "upload_speed": \.uploadSpeed, "eta": \.eta,
            "seeds": \.seeds, "peers": \.peers, "total_downloaded": \.totalDownloaded,
            "total_uploaded": \.totalUploaded, "server": \.server,
        ]
        guard let path = paths[key] else { return false }
        self[keyPath: path] = value
        return true
    }

    private mutating func setDouble(_ key: String, _ value: Double) -> Bool {
        switch key {
        case "progress": progress = value
        case "ratio": ratio = value
        case "availability": availability = value
        default: return false
        }
        return true
    }

    private mutating func setBool(_ key: String, _ value: Bool) -> Bool {
        let paths: [String: WritableKeyPath<SimulatedItem, Bool>] = [
            "active": \.active, "download_finished": \.downloadFinished, "download_present": \.downloadPresent,
            "cached": \.cached, "private": \.isPrivate, "torrent_file": \.hasTorrentFile,
            "seed_torrent": \.seedTorrent, "long_term_seeding": \.longTermSeeding, "airlocked": \.airlocked,
        ]
        guard let path = paths[key] else { return false }
        self[keyPath: path] = value
        return true
    }

    private mutating func setText(_ key: String, _ value: String) -> Bool {
        switch key {
        case "name": name = value
        case "hash": hash = value
        case "download_state": downloadState = value
        case "tracker": tracker = value
        case "tracker_message": trackerMessage = value
        case "error": errorText = value
        case "original_url": originalURL = value
        case "created_at": return setDate(\.createdAt, value)
        case "updated_at": return setOptionalDate(\.updatedAt, value)
        case "cached_at": return setOptionalDate(\.cachedAt, value)
        case "expires_at": return setOptionalDate(\.expiresAt, value)
        default: return false
        }
        return true
    }

    private mutating func setTexts(_ key: String, _ values: [JSONValue]) -> Bool {
        var texts: [String] = []
        for value in values {
            guard case .string(let text) = value else { return false }
            texts.append(text)
        }
        switch key {
        case "tags": tags = texts
        case "alternative_hashes": alternativeHashes = texts
        default: return false
        }
        return true
    }

    private mutating func setDate(_ path: WritableKeyPath<SimulatedItem, Int>, _ text: String) -> Bool {
        guard let second = Self.second(text) else { return false }
        self[keyPath: path] = second
        return true
    }

    private mutating func setOptionalDate(_ path: WritableKeyPath<SimulatedItem, Int?>, _ text: String) -> Bool {
        guard let second = Self.second(text) else { return false }
        self[keyPath: path] = second
        return true
    }

    /// The Unix second of a date in TorBox's usual form; other forms stay raw, so that they are shown as given.
    private static func second(_ text: String) -> Int? {
        guard text.utf8.count == "2026-01-01T00:00:00Z".utf8.count else { return nil }
        return (try? Date(text, strategy: .iso8601)).map { Int($0.timeIntervalSince1970) }
    }
}
