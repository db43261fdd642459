/// The calls received, in the order in which they were decided, with a bound on memory.
struct CallLog: Sendable {
    /// Up to twice the limit, so that dropping the oldest is cheap on average.
    private var records: [CallRecord] = []
    private let limit: Int
    private(set) var statistics = SimulatorStatistics()
    private var lastSequence = 0

    /// - Parameter limit: Calls kept; the oldest go first. 0 keeps none and only counts.
    init(limit: Int) { self.limit = max(limit, 0) }

    /// Gives the record its sequence number and keeps it.
    mutating func append(_ record: CallRecord) -> CallRecord {
        lastSequence += 1
        var record = record
        record.sequence = lastSequence
        statistics.count(record)
        if limit > 0 {
            if records.count >= 2 * limit { records.removeFirst(limit) }
            records.append(record)
        }
        return record
    }

    /// The kept calls after a sequence number, oldest first.
    /// - Parameter accounts: Short ids of which one must be the call's; nil for all calls.
    func calls(since sequence: Int, accounts: [String]?, endpoint: SimulatorEndpoint?) -> [CallRecord] {
        let kept = records.suffix(limit)
        guard let first = kept.first else { return [] }
        return kept.dropFirst(max(0, sequence + 1 - first.sequence)).filter { record in
            (accounts == nil || record.account.map { accounts?.contains($0) ?? true } ?? false)
                && (endpoint == nil || record.endpoint == endpoint)
        }
    }
}
