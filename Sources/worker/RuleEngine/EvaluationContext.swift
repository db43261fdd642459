package import DomainModel

/// What evaluation knows besides the rows: the clock, and what earlier polls and the user left behind.
package struct EvaluationContext: Sendable {
    package var now: Timestamp
    /// Downloads that are not in here have never been observed.
    package var telemetry: [ItemKey: Telemetry]
    /// Oldest first.
    package var samples: [ItemKey: [SpeedSample]]
    /// Local tag ids. A download that is not in here has none.
    package var tags: [ItemKey: Set<Int64>]

    package init(
        now: Timestamp, telemetry: [ItemKey: Telemetry] = [:], samples: [ItemKey: [SpeedSample]] = [:],
        tags: [ItemKey: Set<Int64>] = [:]
    ) {
        self.now = now
        self.telemetry = telemetry
        self.samples = samples
        self.tags = tags
    }

    /// The same for these downloads only.
    package func narrowed(to keys: [ItemKey]) -> EvaluationContext {
        var narrow = EvaluationContext(now: now)
        for key in keys {
            narrow.telemetry[key] = telemetry[key]
            narrow.samples[key] = samples[key]
            narrow.tags[key] = tags[key]
        }
        return narrow
    }
}
