package import TorBoxSimulator

/// All that is known of one user at the end.
package struct UserEvidence: Sendable {
    /// TorBox's short id of the account.
    package var account: String
    package var record: ClientRecord
    /// Nil when the service could not be read for this user.
    package var shown: FinalState?
    /// Every row that was ever put into the account, by id; empty when its library evolves by itself.
    package var planted: [Int: RowKind]
    /// The rows that are left, by id.
    package var left: [Int: SimulatedItem]
    package var isPolledAgain: Bool

    package init(
        account: String, record: ClientRecord, shown: FinalState?, planted: [Int: RowKind],
        left: [Int: SimulatedItem], isPolledAgain: Bool
    ) {
        self.account = account
        self.record = record
        self.shown = shown
        self.planted = planted
        self.left = left
        self.isPolledAgain = isPolledAgain
    }
}
