package import DomainModel

/// When a rule with an interval may be evaluated again.
package enum IntervalGate {
    /// Shortest interval, in minutes.
    package static let minimumMinutes = 30

    /// The minutes that are stored for an interval posted as `value`: read as a number however it is written,
    /// floored, at least ``minimumMinutes``; whatever is no number becomes that minimum.
    package static func normalize(_ value: JSONValue?) -> Int {
        guard let value, let number = JavaScriptNumber.coerced(value), number.isFinite else { return minimumMinutes }
        return max(minimumMinutes, Int(exactly: number.rounded(.down)) ?? (number > 0 ? Int.max : minimumMinutes))
    }

    /// Whether a scheduled poll leaves the rule out: its interval, never less than ``minimumMinutes``, has not passed
    /// since `lastEvaluated`. Exactly passed is due; never evaluated is due; no interval is always due.
    package static func isSkipped(intervalMinutes: Int?, lastEvaluated: Timestamp?, now: Timestamp) -> Bool {
        nextDue(intervalMinutes: intervalMinutes, lastEvaluated: lastEvaluated).map { now < $0 } ?? false
    }

    /// When the rule is due again; nil when it is due at every poll (no interval, or never evaluated).
    package static func nextDue(intervalMinutes: Int?, lastEvaluated: Timestamp?) -> Timestamp? {
        guard let intervalMinutes, intervalMinutes > 0, let lastEvaluated else { return nil }
        let (seconds, overflow) = Int64(max(intervalMinutes, minimumMinutes)).multipliedReportingOverflow(by: 60)
        return lastEvaluated.advanced(bySeconds: overflow ? .max : seconds)
    }

    /// ``isSkipped(intervalMinutes:lastEvaluated:now:)`` for a trigger as it is stored, fractions and texts included.
    package static func isSkipped(trigger: JSONValue, lastEvaluated: Timestamp?, now: Timestamp) -> Bool {
        guard let minutes = minutes(ofStored: trigger), let lastEvaluated else { return false }
        return Double(now.milliseconds(since: lastEvaluated)) < max(minutes, Double(minimumMinutes)) * 60_000
    }

    /// The interval of a stored trigger in minutes, not clamped. Nil when it has none: another type, or a value that
    /// is missing, 0, empty or no number.
    package static func minutes(ofStored trigger: JSONValue) -> Double? {
        guard trigger["type"]?.stringValue == "interval", let value = trigger["value"], value != .bool(false),
            let minutes = JavaScriptNumber.coerced(value), minutes != 0
        else { return nil }
        return minutes
    }
}
