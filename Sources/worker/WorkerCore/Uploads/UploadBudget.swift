import DomainModel
import UserStore

/// How many creates of one kind TorBox has taken from us lately, told from the journal. Pure.
struct UploadBudget: Sendable, Equatable {
    /// Creates of uncached downloads within the last hour; those of unknown fate count.
    private(set) var uncached: [Timestamp]
    /// Calls that reached TorBox within the last minute.
    private(set) var lastMinute: [Timestamp]

    static let hour: Int64 = 3_600
    static let minute: Int64 = 60

    init(_ attempts: [UploadAttempt], at now: Timestamp) {
        let hourAgo = now.advanced(bySeconds: -Self.hour)
        let minuteAgo = now.advanced(bySeconds: -Self.minute)
        uncached =
            attempts.filter { $0.at > hourAgo && (($0.outcome == .success && !$0.wasCached) || $0.isUnsettled) }
            .map(\.at).sorted()
        lastMinute =
            attempts.filter { $0.at > minuteAgo && ($0.status != nil || $0.outcome == .success || $0.isUnsettled) }
            .map(\.at).sorted()
    }

    var uncachedUsed: Int { uncached.count }

    /// When the hour's budget has room again, or, with room left, when its oldest create leaves it; nil when it is unused.
    func uncachedReset(limit: Int) -> Timestamp? {
        guard let first = uncached.first else { return nil }
        let freeing = uncached.count >= limit ? uncached[uncached.count - limit] : first
        return freeing.advanced(bySeconds: Self.hour)
    }

    /// When the edge takes another create; nil when it does now.
    func edgeReset(limit: Int) -> Timestamp? {
        guard lastMinute.count >= limit else { return nil }
        return lastMinute[lastMinute.count - limit].advanced(bySeconds: Self.minute)
    }
}
