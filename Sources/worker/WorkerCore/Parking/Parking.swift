import DomainModel
import RuleEngine
import UserStore

/// What parked batches mean for one poll, and what the poll means for them. Pure.
struct Parking: Sendable {
    /// An item that leaves its batch.
    struct Ending: Sendable, Equatable {
        var row: ActionRow
        /// Nil: it stays what it is, approved and done, or rejected.
        var state: ActionState?
        var detail: String?
    }

    /// How long an approval holds should it not be possible to carry it out. Source: a person's answer is about what they
    /// saw; a day spans any outage that they would still remember.
    static let approvalMilliseconds: Int64 = 86_400_000

    /// After so long what the breaker parked is decided anew even if too few polls tell whether all is calm. The limit of
    /// each rule goes on to apply.
    static let breakerMilliseconds: Int64 = 86_400_000

    /// Live ones, under the keys that items have in this poll.
    private(set) var batches: [ParkedBatch]
    /// Approved rows that still hold.
    private var approvals: [RuleID: [ItemKey: ActionRow]] = [:]
    private let breaker: BreakerStanding
    private let now: Timestamp

    init(
        _ batches: [ParkedBatch], promotions: [PollDecision.Promotion] = [], breaker: BreakerStanding, at now: Timestamp
    ) {
        let moves = Dictionary(promotions.map { ($0.from, $0.to) }) { first, _ in first }
        self.batches = batches
        self.breaker = breaker
        self.now = now
        for batch in batches.indices {
            for item in batches[batch].items.indices where !moves.isEmpty {
                let key = batches[batch].items[item].item
                self.batches[batch].items[item].item = moves[key] ?? key
            }
        }
        for batch in self.batches where batch.state == .approved && !hasExpired(batch) {
            for row in batch.items { approvals[batch.rule, default: [:]][row.item] = row }
        }
    }

    // MARK: For the plan

    /// Items that a rule must leave alone: undecided ones, and those that a person refused.
    var held: [RuleID: Set<ItemKey>] {
        batches.reduce(into: [:]) { held, batch in
            guard batch.state == .rejected || (batch.state == .open && !isReleased(batch)) else { return }
            held[batch.rule, default: []].formUnion(batch.items.map(\.item))
        }
    }

    /// Items that a person let a rule destroy and that are still the same download.
    func approved(_ items: [ItemKey: DownloadItem]) -> [RuleID: Set<ItemKey>] {
        approvals.mapValues { rows in
            Set(rows.values.filter { row in items[row.item].map { $0.hash == row.hash } ?? false }.map(\.item))
        }
    }

    /// Undecided batch of a rule, if there is one.
    func open(of rule: RuleID) -> ParkedBatch? { batches.first { $0.rule == rule && $0.state == .open } }

    /// The approved row by which a rule may act on an item.
    func grant(of rule: RuleID, for item: DownloadItem) -> Int64? {
        approvals[rule]?[item.key].flatMap { $0.hash == item.hash ? $0.id : nil }
    }

    // MARK: After the plan

    /// What the poll found out.
    struct Findings {
        var items: [ItemKey: DownloadItem]
        /// Keys of everything that is remembered from now on.
        var tracked: Set<ItemKey>
        /// Kinds whose lists are a plain statement.
        var listed: Set<AssetType>
        /// Open actions whose effect shows in this poll.
        var observed: Set<ItemKey>
        var outcomes: [RuleID: Outcome]
    }

    /// One evaluated rule: what it makes of each item, and what came of it in the plan.
    struct Outcome {
        enum Standing: Sendable, Equatable { case planned, held, skipped(ActionPlanner.SkipReason), matching, unknown }
        /// An item that is not in here does not match (any more).
        var standings: [ItemKey: Standing] = [:]
    }

    func endings(_ findings: Findings) -> [Ending] {
        batches.flatMap { batch in
            batch.items.compactMap { row in
                batch.state == .approved
                    ? endOfApproved(row, batch, findings) : endOfHeld(row, batch, findings)
            }
        }
    }

    private func endOfHeld(_ row: ActionRow, _ batch: ParkedBatch, _ findings: Findings) -> Ending? {
        func ended(_ detail: String) -> Ending {
            batch.state == .rejected ? Ending(row: row) : Ending(row: row, state: .dropped, detail: detail)
        }
        guard findings.tracked.contains(row.item) else { return ended("the item is gone") }
        guard let outcome = findings.outcomes[batch.rule], let item = findings.items[row.item] else { return nil }
        if let before = row.hash, let after = item.hash, before != after { return ended(Self.anotherDownload) }
        switch outcome.standings[row.item] {
        case nil: return ended(Self.noLongerMatches)
        case .planned where isReleased(batch): return ended("the breaker has closed, decided anew")
        case .skipped(let reason) where isReleased(batch): return ended(reason.text)
        default: return nil
        }
    }

    private func endOfApproved(_ row: ActionRow, _ batch: ParkedBatch, _ findings: Findings) -> Ending? {
        func skipped(_ detail: String) -> Ending { Ending(row: row, state: .skipped, detail: detail) }
        if findings.observed.contains(row.item) { return Ending(row: row) }
        guard !hasExpired(batch) else {
            return Ending(row: row, state: .dropped, detail: "the approval expired before it could be carried out")
        }
        guard let outcome = findings.outcomes[batch.rule] else { return nil }
        guard let item = findings.items[row.item] else {
            return findings.listed.contains(row.item.asset) ? skipped("no longer there") : nil
        }
        guard item.hash == row.hash else { return skipped(Self.anotherDownload) }
        switch outcome.standings[row.item] {
        case .planned, .skipped(.awaitingEffect): return nil
        case .skipped(let reason): return skipped(reason.text)
        case .unknown: return skipped("it cannot be told whether it still matches")
        case .held, .matching, nil: return skipped(Self.noLongerMatches)
        }
    }

    private static let anotherDownload = "another download has its number now"
    private static let noLongerMatches = "no longer matches"

    /// Whether what the breaker parked is decided anew.
    private func isReleased(_ batch: ParkedBatch) -> Bool {
        guard batch.reason == .breaker, !breaker.isOpen else { return false }
        return breaker.isCalm || now.milliseconds(since: batch.createdAt) > Self.breakerMilliseconds
    }

    private func hasExpired(_ batch: ParkedBatch) -> Bool {
        now.milliseconds(since: batch.decidedAt ?? batch.createdAt) > Self.approvalMilliseconds
    }
}

extension Parking.Outcome {
    init(_ outcome: RuleOutcome, _ run: ActionPlanner.Run?, items: [DownloadItem]) {
        for index in outcome.targets { standings[items[index].key] = .matching }
        for index in outcome.unknown { standings[items[index].key] = .unknown }
        for index in run?.items ?? [] { standings[items[index].key] = .planned }
        for index in run?.held ?? [] { standings[items[index].key] = .held }
        for skip in run?.skipped ?? [] { standings[items[skip.item].key] = .skipped(skip.reason) }
    }
}
