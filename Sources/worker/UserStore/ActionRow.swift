package import DomainModel

/// A row of the journal; see ``NewAction`` for the fields of the intent.
package struct ActionRow: Sendable, Equatable {
    package var id: Int64
    /// The execution log row that sums up the run, once written.
    package var logID: Int64?
    package var rule: RuleID
    package var ruleName: String
    package var revision: Int64
    package var item: ItemKey
    package var hash: String?
    package var itemName: String?
    package var action: String
    package var parameters: String?
    package var evidence: String?
    package var state: ActionState
    package var detail: String?
    package var createdAt: Timestamp
    package var sentAt: Timestamp?
    /// When TorBox answered, or it was decided that nothing more is sent.
    package var finishedAt: Timestamp?
    /// When a snapshot showed the effect.
    package var observedAt: Timestamp?
    /// The batch that it was parked in.
    package var batchID: Int64?
}
