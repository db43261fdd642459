import DomainModel

/// Settles what is queued when the queue was read both before and after the list. Pure.
///
/// An item that starts leaves the queue and gets a new id in the list, with a moment in which neither shows it.
enum QueueReconciliation {
    enum Outcome: Sendable, Equatable {
        /// Every row of the first reading is still there or has arrived in the list.
        case settled([DownloadItem])
        /// A row is neither queued nor listed: it may be on its way, so this reading proves nothing.
        case inTransit
    }

    static func settle(before: [DownloadItem], after: [DownloadItem], listed: [DownloadItem]) -> Outcome {
        let stillQueued = Set(after.map(\.key))
        let gone = before.filter { !stillQueued.contains($0.key) }
        guard !gone.isEmpty else { return .settled(after) }
        let listedHashes = Set(listed.compactMap(\.hash))
        let allArrived = gone.allSatisfy { row in row.hash.map(listedHashes.contains) ?? false }
        return allArrived ? .settled(after) : .inTransit
    }
}
