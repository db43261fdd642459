import DomainModel
import Registry

/// What the parameters of `/api/admin/users` ask for. Pure.
enum AdminQuery {
    static let activities = ["all", "online", "today", "week", "month", "inactive30d", "dormant"]
    private static let day: Int64 = 86_400_000

    /// Throws ``Refusal`` 400. `online` is asked by ids, since only owners know; here it does not narrow.
    static func read(_ parameters: [String: String], now: Timestamp) throws -> CatalogueQuery {
        func text(_ name: String) -> String? { parameters[name]?.trimmed.nilWhenEmpty }
        var query = CatalogueQuery()
        query.status = text("status").flatMap { $0 == "all" ? nil : $0 }
        query.search = text("search")
        if let activity = text("activity") {
            guard activities.contains(activity) else {
                throw Refusal(400, "Invalid activity", detail: "Give one of \(activities.joined(separator: ", ")).")
            }
            query.lastSeen = lastSeen(activity, now: now)
        }
        if let name = text("sort") {
            guard let sort = CatalogueQuery.Sort(rawValue: name) else {
                let names = CatalogueQuery.Sort.allCases.map(\.rawValue).joined(separator: ", ")
                throw Refusal(400, "Invalid sort", detail: "Give one of \(names).")
            }
            query.sort = sort
        }
        if let direction = text("sortDirection") ?? text("direction") {
            guard ["asc", "desc"].contains(direction.lowercased()) else {
                throw Refusal(400, "Invalid sortDirection", detail: "Give asc or desc.")
            }
            query.isAscending = direction.lowercased() == "asc"
        }
        return query
    }

    /// `week` and `month` are 7 and 30 days back from now; `dormant` is 90 days without a sign of life, or none ever.
    private static func lastSeen(_ activity: String, now: Timestamp) -> CatalogueQuery.LastSeen? {
        func daysAgo(_ days: Int64) -> Timestamp { now.advanced(byMilliseconds: -days * day) }
        return switch activity {
        case "today": .init(from: Timestamp(milliseconds: now.milliseconds - now.milliseconds % day))
        case "week": .init(from: daysAgo(7))
        case "month": .init(from: daysAgo(30))
        case "inactive30d": .init(before: daysAgo(30), includesNever: true)
        case "dormant": .init(before: daysAgo(90), includesNever: true)
        default: nil
        }
    }
}

extension String {
    fileprivate var nilWhenEmpty: String? { isEmpty ? nil : self }
}
