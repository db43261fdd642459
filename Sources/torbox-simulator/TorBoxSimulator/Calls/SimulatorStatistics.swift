/// Counts since the start; they outlive the bounded call log.
package struct SimulatorStatistics: Sendable, Equatable, Codable {
    package var calls = 0
    package var callsByEndpoint: [String: Int] = [:]
    /// Keyed by the status as text; "0" for calls without an answer.
    package var callsByStatus: [String: Int] = [:]
    package var faults: [String: Int] = [:]
    package var appliedEffects = 0
    package var violations: [String: Int] = [:]

    mutating func count(_ record: CallRecord) {
        calls += 1
        callsByEndpoint[record.endpoint?.rawValue ?? "other", default: 0] += 1
        callsByStatus[String(record.status), default: 0] += 1
        for fault in record.faults { faults[fault, default: 0] += 1 }
        if record.appliedEffect { appliedEffects += 1 }
        if let violation = record.violation { violations[violation, default: 0] += 1 }
    }
}
