import DomainModel
import Logging
import Observability
import Storage

/// Reads what dead workers left of the users of newly owned slots, before anything is done for them.
struct PostMortem: Sendable {
    let directory: BreadcrumbDirectory
    let book: QuarantineBook
    let logger: Logger

    /// Counts each death once, whatever happens meanwhile: the record in the registry knows which death was the latest.
    /// Trouble of its own keeps nobody from being served: what could not be counted now is found again.
    ///
    /// - Parameter isKnown: whether somebody is a user; others are passed over.
    func hold(over slots: Set<Slot>, isKnown: (UserID) -> Bool) async {
        let directory = directory
        do {
            for death in try await Blocking.run({ try directory.deaths(in: slots) }) {
                guard await count(death, isKnown) else { continue }
                try await Blocking.run { try directory.settle(death) }
            }
        } catch {
            logger.error("cannot read what a dead worker left", metadata: [LogKey.error: "\(error)"])
        }
    }

    private func count(_ death: BreadcrumbDirectory.Death, _ isKnown: (UserID) -> Bool) async -> Bool {
        let users = death.remains.users.filter { isKnown($0.key) }
        guard !death.remains.isBlameless, !users.isEmpty else { return true }
        logger.warning(
            "a worker died at work", metadata: [LogKey.path: "\(death.name)", LogKey.count: "\(users.count)"])
        return await book.blame(users, for: death.name)
    }
}
