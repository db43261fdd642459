import DomainModel
import NIOCore
import RuleEngine
import UserStore

/// Writes a rule's plan to the journal: what is intended before it is done, and what was deliberately left alone.
enum ActionJournal {
    /// In the transaction that commits the poll. Nil when there is nothing new to say about the run.
    static func write(
        _ run: PollDecision.Run, of decision: PollDecision, to db: UserDatabase.Connection
    ) throws -> PlannedRun? {
        let plan = run.plan
        let isParked = plan.parkedLimit != nil
        // Of those open from earlier polls the journal tells already.
        let reported = plan.skipped.filter { $0.reason != .awaitingEffect && $0.reason != .parked }
        if plan.items.isEmpty && reported.isEmpty { return nil }
        let steps = plan.items.map { index in
            intent(run, decision, index, state: isParked ? .parked : .planned, detail: parkedDetail(plan))
        }
        let skips = reported.map { skip in
            intent(run, decision, skip.item, state: .skipped, detail: text(skip.reason))
        }
        let stepIDs = try ActionRepository.insert(db, steps, at: decision.now)
        let skipIDs = try ActionRepository.insert(db, skips, at: decision.now)
        let items = plan.items.map { decision.items[$0] }
        return PlannedRun(
            program: run.program, action: plan.action,
            steps: isParked ? [] : zip(stepIDs, items).map { PlannedRun.Step(id: $0, item: $1) },
            settled: isParked ? stepIDs + skipIDs : skipIDs,
            isManual: run.program.id == decision.manualRule,
            protectedCount: reported.count { $0.reason == .protected }, skippedCount: reported.count,
            parkedLimit: plan.parkedLimit, parkedCount: isParked ? stepIDs.count : 0)
    }

    private static func intent(
        _ run: PollDecision.Run, _ decision: PollDecision, _ index: Int, state: ActionState, detail: String?
    ) -> NewAction {
        let item = decision.items[index]
        let evidence = RuleEvaluator.explain(run.program, item: item, context: decision.context).evidence()
        return NewAction(
            rule: run.program.id, ruleName: run.program.name, revision: run.program.revision, item: item.key,
            hash: item.hash, itemName: item.name, action: run.plan.action.name,
            parameters: parameters(run.plan.action, item), evidence: evidence, state: state, detail: detail)
    }

    private static func parameters(_ action: RuleAction, _ item: DownloadItem) -> String? {
        if action == .archive { return ArchiveRecord.parameters(of: item) }
        guard !action.tagIDs.isEmpty else { return nil }
        var json = JSONWriter()
        json.object { $0.member("tagIds", array: { list in action.tagIDs.forEach { list.value($0) } }) }
        return String(buffer: json.buffer)
    }

    private static func parkedDetail(_ plan: ActionPlanner.Run) -> String? {
        guard let limit = plan.parkedLimit else { return nil }
        let wanted = plan.items.count + plan.skipped.count { $0.reason == .parked }
        return "the run would destroy \(wanted) items, at most \(limit) are allowed at once"
    }

    private static func text(_ reason: ActionPlanner.SkipReason) -> String {
        switch reason {
        case .protected: "protected by the user"
        case .airlocked: "airlocked at TorBox"
        case .awaitingEffect: "the same action is still open"
        case .parked: "parked earlier"
        case .conflict: "another rule destroys it in the same poll"
        }
    }
}
