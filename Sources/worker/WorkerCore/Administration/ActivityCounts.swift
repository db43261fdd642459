import DomainModel
import Registry

/// When users were last present, counted. Days are UTC's. Pure.
struct ActivityCounts: Sendable, Equatable {
    /// So long after the last sign of life somebody counts as present. Source: REST contract, section 2.8.
    static let onlineMilliseconds: Int64 = 120_000
    private static let day: Int64 = 86_400_000

    private(set) var values: [String: Int] = Dictionary(uniqueKeysWithValues: Self.names.map { ($0, 0) })
    private(set) var distribution: [String: Int] = Dictionary(uniqueKeysWithValues: Self.buckets.map { ($0, 0) })

    static let names = [
        "online", "last24h", "last7d", "last30d", "last90d", "allTime", "inactive30d", "inactive90d", "inactive180d",
        "newToday", "new7d", "new30d", "returningToday",
    ]
    static let buckets = ["today", "yesterday", "last7d", "last30d", "older", "never"]

    init(_ entries: [CatalogueEntry], now: Timestamp) {
        let today = Timestamp(milliseconds: now.milliseconds - now.milliseconds % Self.day)
        for entry in entries {
            countCreation(of: entry, now: now, today: today)
            countPresence(of: entry, now: now, today: today)
        }
    }

    private mutating func count(_ name: String, if condition: Bool) {
        if condition { values[name, default: 0] += 1 }
    }

    private mutating func countCreation(of entry: CatalogueEntry, now: Timestamp, today: Timestamp) {
        guard let created = entry.createdAt else { return }
        count("newToday", if: created >= today)
        count("new7d", if: now.milliseconds(since: created) <= 7 * Self.day)
        count("new30d", if: now.milliseconds(since: created) <= 30 * Self.day)
    }

    private mutating func countPresence(of entry: CatalogueEntry, now: Timestamp, today: Timestamp) {
        let age = entry.lastSeen.map { now.milliseconds(since: $0) }
        for days in [30, 90, 180] as [Int64] {
            count("inactive\(days)d", if: age.map { $0 > days * Self.day } ?? true)
        }
        guard let seen = entry.lastSeen, let age else {
            distribution["never", default: 0] += 1
            return
        }
        count("online", if: age <= Self.onlineMilliseconds)
        count("last24h", if: age <= Self.day)
        for days in [7, 30, 90] as [Int64] { count("last\(days)d", if: age <= days * Self.day) }
        count("allTime", if: true)
        let wasAway = entry.previousLastSeen.map { seen.milliseconds(since: $0) > 30 * Self.day } ?? false
        count("returningToday", if: seen >= today && wasAway)
        distribution[Self.bucket(of: seen, age: age, today: today), default: 0] += 1
    }

    private static func bucket(of seen: Timestamp, age: Int64, today: Timestamp) -> String {
        if seen >= today { return "today" }
        if seen >= today.advanced(byMilliseconds: -day) { return "yesterday" }
        if age <= 7 * day { return "last7d" }
        return age <= 30 * day ? "last30d" : "older"
    }
}
