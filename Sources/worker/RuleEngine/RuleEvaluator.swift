package import DomainModel

/// Holds rules against downloads. Pure: the same arguments always give the same answer.
package enum RuleEvaluator {
    /// What the rule selects among `items`. Items of asset types that the rule is not for are neither selected nor
    /// unknown; a rule that is disabled, or cannot act on all its asset types, selects nothing.
    package static func evaluate(
        _ program: RuleProgram, items: [DownloadItem], context: EvaluationContext
    ) -> RuleOutcome {
        evaluate([program], items: items, context: context)[0]
    }

    /// The same for each of several rules, in their order. Item by item, because items are large, and what looks at one copies it.
    package static func evaluate(
        _ programs: [RuleProgram], items: [DownloadItem], context: EvaluationContext
    ) -> [RuleOutcome] {
        let candidates = programs.map(Candidate.init)
        let runnable = candidates.filter(\.program.isRunnable)
        for index in items.indices {
            let item = items[index]
            for candidate in runnable { candidate.note(item, at: index, context) }
        }
        return candidates.map(\.outcome)
    }

    /// A rule and what it selected so far. An object, because a rule is copied whenever it is read off a list.
    private final class Candidate {
        let program: RuleProgram
        private(set) var outcome = RuleOutcome()

        init(_ program: RuleProgram) { self.program = program }

        func note(_ item: borrowing DownloadItem, at index: Int, _ context: EvaluationContext) {
            guard program.assetTypes.contains(item.key.asset), let action = program.action else { return }
            switch RuleEvaluator.truth(program, item, context) {
            case .no: return
            case .unknown: outcome.unknown.append(index)
            case .yes:
                outcome.selected.append(index)
                if ActionPrecondition.keeps(action, item, tags: context.tags[item.key] ?? []) {
                    outcome.targets.append(index)
                }
            }
        }
    }

    /// Whether the rule's conditions hold for one item, whatever its asset type and whether the rule is enabled.
    package static func truth(
        _ program: RuleProgram, _ item: borrowing DownloadItem, _ context: borrowing EvaluationContext
    ) -> Truth {
        guard let logic = program.logic else { return .unknown }
        let groups = program.groups
        var sawUnknown = false
        for group in groups {
            let next = truth(group, item, context)
            if next == logic.decisive { return next }
            if next == .unknown { sawUnknown = true }
        }
        return logic.settled(isEmpty: groups.isEmpty, sawUnknown: sawUnknown)
    }

    private static func truth(
        _ group: ConditionGroup, _ item: borrowing DownloadItem, _ context: borrowing EvaluationContext
    ) -> Truth {
        guard let logic = group.logic else { return .unknown }
        var sawUnknown = false
        for condition in group.conditions {
            let next = condition.truth(of: item, in: context)
            if next == logic.decisive { return next }
            if next == .unknown { sawUnknown = true }
        }
        return logic.settled(isEmpty: group.conditions.isEmpty, sawUnknown: sawUnknown)
    }
}
