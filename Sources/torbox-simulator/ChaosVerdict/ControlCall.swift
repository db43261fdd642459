import DomainModel
import TorBoxSimulator

/// A call that changes something at TorBox, with what its body says.
struct ControlCall {
    let record: CallRecord
    let account: String
    let row: Int
    let operation: String

    /// What the effect of these would be seen only later, or never.
    private static let lateEffects: Set<String> = ["effectDelayed", "effectDropped"]
    /// Faults under which a 200 is the plain answer to a change, whole and in time.
    private static let harmless = lateEffects.union([
        "retryAfterOnSuccess", "emptyList", "halfList", "vanished", "shiftedPages", "duplicateIDs", "withoutIDs",
        "unknownState",
    ])

    /// Nil when the body says no row or operation, or nobody's key came with it.
    init?(_ record: CallRecord) {
        // A body that is no JSON says nothing.
        guard let account = record.account, let body = try? JSONValue(parsing: record.body),
            let row = body["torrent_id"]?.integerValue, let operation = body["operation"]?.stringValue
        else { return nil }
        self.record = record
        self.account = account
        self.row = Int(row)
        self.operation = operation
    }

    static func isOne(_ record: CallRecord) -> Bool { record.endpoint.map(SimulatorEndpoint.changes.contains) ?? false }

    /// The row was changed there and then.
    var tookEffectAtOnce: Bool { record.appliedEffect && Self.lateEffects.isDisjoint(with: record.faults) }

    /// TorBox said yes, and nothing kept that from its caller.
    var isAcknowledged: Bool { record.status == 200 && Self.harmless.isSuperset(of: record.faults) }
}
