import DomainModel
import Logging
import Observability
import Registry

/// Gathers what polls leave in the schedule and writes it to the registry in batches, at most a second later.
///
/// What a crash loses here is only that some polls happened: their users are polled again sooner than needed.
actor ScheduleWriter {
    private let registry: any UserRegistry
    private let logger: Logger
    private var pending: [UserID: ScheduleUpdate] = [:]
    private var failures = 0

    init(registry: any UserRegistry, logger: Logger) {
        self.registry = registry
        self.logger = logger
    }

    /// A later update of the same user replaces the earlier; times that it leaves out are kept.
    func add(_ update: ScheduleUpdate) {
        var update = update
        let earlier = pending[update.user]
        update.lastPolled = update.lastPolled ?? earlier?.lastPolled
        update.lastSuccess = update.lastSuccess ?? earlier?.lastSuccess
        pending[update.user] = update
    }

    /// Writes what has gathered. What cannot be written is kept for the next time: one entry a user at most.
    func flush() async {
        guard !pending.isEmpty else { return }
        let batch = pending
        pending = [:]
        do {
            try await registry.recordPolls(Array(batch.values))
            if failures > 0 {
                logger.notice("schedule written again", metadata: [LogKey.repeated: "\(failures)"])
                failures = 0
            }
        } catch {
            pending.merge(batch) { newer, _ in newer }
            failures += 1
            if failures == 1 { logger.error("cannot write the schedule", metadata: [LogKey.error: "\(error)"]) }
        }
    }

    var backlog: Int { pending.count }
}
