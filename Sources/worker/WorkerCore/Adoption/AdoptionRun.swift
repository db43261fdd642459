import DomainModel
import Registry
import ServiceSupport
import Storage

/// All users, a few at a time: their files, then in batches their registrations.
struct AdoptionRun {
    let settlement: AdoptionSettlement
    /// Nil for a dry run.
    let registry: (any UserRegistry)?
    private(set) var report: AdoptionReport
    let now: Timestamp
    private var waiting: [AdoptionSettlement.Settled] = []

    /// Users in one transaction of the registry.
    private static let batchSize = 100

    init(settlement: AdoptionSettlement, registry: (any UserRegistry)?, report: AdoptionReport, now: Timestamp) {
        self.settlement = settlement
        self.registry = registry
        self.report = report
        self.now = now
    }

    mutating func run(_ users: [PlannedUser]) async throws -> AdoptionReport {
        var progress = AdoptionProgress(total: users.count)
        var (done, rest) = (0, users[...])
        let settlement = settlement
        try await withThrowingTaskGroup(of: Result<AdoptionSettlement.Settled, AdoptionRefusal>.self) { group in
            func next() {
                guard let user = rest.popFirst() else { return }
                group.addTask { try await Blocking.run { try settlement.settle(user) } }
            }
            // One waits for the disk while another computes.
            for _ in 0..<(Processors.count + 1) { next() }
            while let result = try await group.next() {
                next()
                try await take(result)
                done += 1
                progress.show(done)
            }
        }
        try await register()
        return report
    }

    private mutating func take(_ result: Result<AdoptionSettlement.Settled, AdoptionRefusal>) async throws {
        switch result {
        case .failure(let refusal):
            report.refused += 1
            report.add(refusal.finding)
        case .success(let settled):
            report.add(settled.outcome)
            if settled.isDoneBefore { report.doneBefore += 1 }
            if settled.user.record == nil {
                report.filesOnly += settled.user.file == nil ? 0 : 1
            } else {
                report.adopted += 1
            }
            if settled.needsRegistration { waiting.append(settled) }
            if waiting.count >= Self.batchSize { try await register() }
        }
    }

    /// The files are in their places by now.
    private mutating func register() async throws {
        defer { waiting = [] }
        guard let registry, !waiting.isEmpty else { return }
        let records = waiting.compactMap { settled in
            settled.user.record.map { record in
                var record = record
                record.hasActiveRules = settled.outcome.enabledRules > 0
                record.uploads.queued = settled.outcome.queuedUploads
                return record
            }
        }
        try await registry.adopt(records, now: now)
        let (ledger, done) = (settlement.ledger, waiting.map(\.user.id))
        try await Blocking.run { try ledger?.setRegistered(done) }
    }
}
