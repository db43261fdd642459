import DomainModel
import UserStore

/// What the user's file says before a poll.
struct PollPast: Sendable {
    var tracked: [ItemKey: TrackedItem]
    /// Oldest first; empty when no rule averages.
    var samples: [ItemKey: [SpeedSample]]
    var tags: TagAssignments
    /// Bare numbers: a number protects every item that has it.
    var protectedNumbers: Set<Int64>
    /// Of downloads that had a protected number once: they stay protected under any number.
    var protectedHashes: [AssetType: Set<String>] = [:]
    /// Acknowledged without visible effect yet, or of unknown fate.
    var openActions: [ActionRow]
    /// Batches that wait for a decision, for being carried out, or that were refused.
    var batches: [ParkedBatch] = []
}
