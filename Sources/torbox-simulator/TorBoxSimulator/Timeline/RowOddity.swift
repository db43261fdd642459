/// One way in which a row departs from the usual types and keys; each was seen or feared by some client.
enum RowOddity: Sendable, CaseIterable {
    case nullRatio, nullFiles, noFiles, unknownETA, negativeSpeeds, oldKeys, oldDates
    case numericActive, textualActive, hugeNumbers, nullTracker, unlistedState, nullState, upperCaseHash

    func distort(_ item: inout SimulatedItem) {
        switch self {
        case .nullRatio: item.overrides["ratio"] = "null"
        case .nullFiles: item.overrides["files"] = "null"
        case .noFiles: item.omittedKeys.insert("files")
        case .unknownETA: item.eta = -1
        case .negativeSpeeds: negateSpeeds(&item)
        case .oldKeys: item.omittedKeys.formUnion(Self.laterKeys)
        case .oldDates: useOldDates(&item)
        case .numericActive: item.overrides["active"] = item.active ? "1" : "0"
        case .textualActive: item.overrides["active"] = item.active ? "\"true\"" : "\"false\""
        case .hugeNumbers: useHugeNumbers(&item)
        case .nullTracker: item.tracker = nil
        case .unlistedState: item.downloadState = "quantum drift (unlisted)"
        case .nullState: item.downloadState = nil
        case .upperCaseHash: item.hash = item.hash.uppercased()
        }
    }

    /// Keys that older rows lack. Source: torbox-api.md 5.2.
    private static let laterKeys: Set<String> = [
        "download_path", "tracker", "tracker_message", "total_uploaded", "total_downloaded", "cached", "cached_at",
        "owner",
        "seed_torrent", "allow_zipped", "long_term_seeding", "private", "alternative_hashes", "tags", "airlocked",
    ]

    private func negateSpeeds(_ item: inout SimulatedItem) {
        item.downloadSpeed = -1
        item.uploadSpeed = -1
    }

    /// Above 2^53 and at the 64-bit limit: a reader that uses doubles changes them silently.
    private func useHugeNumbers(_ item: inout SimulatedItem) {
        item.overrides["size"] = "9007199254740993"
        item.overrides["total_uploaded"] = "9223372036854775807"
    }

    private func useOldDates(_ item: inout SimulatedItem) {
        for (key, second) in [("created_at", item.createdAt), ("updated_at", item.updatedAt ?? item.createdAt)] {
            var bytes: [UInt8] = []
            CivilDate(unixSecond: second).appendWithoutZone(to: &bytes)
            item.overrides[key] = "\"" + String(decoding: bytes, as: UTF8.self) + ".789012+00:00\""
        }
    }
}
