import DomainModel
import NIOCore
import RuleEngine
import UserStore

/// Writes a rule's plan to the journal: what is intended before it is done, and what was deliberately left alone.
enum ActionJournal {
    /// In the transaction that commits the poll. Nil when there is nothing to do and nothing new to say about the run.
    static func write(
        _ run: PollDecision.Run, of decision: PollDecision, to db: UserDatabase.Connection
    ) throws -> PlannedRun? {
        let plan = run.plan
        // Of those open from earlier polls the journal tells already.
        let reported = plan.skipped.filter { $0.reason != .awaitingEffect && $0.reason != .parked }
        if plan.items.isEmpty && reported.isEmpty { return nil }
        let stepIDs = try ActionRepository.insert(
            db, plan.items.map { intent(run, decision, $0, state: .planned) }, at: decision.now)
        let skipIDs = try ActionRepository.insert(
            db, reported.map { intent(run, decision, $0.item, state: .skipped, detail: $0.reason.text) },
            at: decision.now)
        return PlannedRun(
            program: run.program, action: plan.action,
            steps: zip(stepIDs, plan.items).map { id, index in
                let item = decision.items[index]
                return PlannedRun.Step(
                    id: id, item: item, grant: decision.parking.grant(of: run.program.id, for: item))
            },
            settled: skipIDs, protectedCount: reported.count { $0.reason == .protected },
            skippedCount: reported.count)
    }

    /// What the journal keeps of one action on one item.
    static func intent(
        _ run: PollDecision.Run, _ decision: PollDecision, _ index: Int, state: ActionState, detail: String? = nil
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
}
