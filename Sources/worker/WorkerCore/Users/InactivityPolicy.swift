import DomainModel
import Registry

/// Who has been away so long that scheduled polls stop. Pure.
struct InactivityPolicy: Sendable {
    /// Days without a sign of life; 0 switches the rule off.
    var days: Int

    /// The reason shown in status while a user is not polled.
    static let reason = "user_inactive"

    /// One who never gave a sign of life may use a client that gives none, and is never inactive.
    func isInactive(lastSeen: Timestamp?, at now: Timestamp) -> Bool {
        guard days > 0, let lastSeen else { return false }
        return now.milliseconds(since: lastSeen) > Int64(days) * 86_400_000
    }
}
