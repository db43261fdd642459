package import DomainModel

/// Holds rules against downloads. Pure: the same arguments always give the same answer.
package enum RuleEvaluator {
    /// What the rule selects among `items`. Items of asset types that the rule is not for are neither selected nor
    /// unknown; a rule that is disabled, or cannot act on all its asset types, selects nothing.
    package static func evaluate(
        _ program: RuleProgram, items: [DownloadItem], context: EvaluationContext
    ) -> RuleOutcome {
        guard program.isRunnable, let action = program.action else { return RuleOutcome() }
        // Through a pointer, because items are large and reading them off the array would copy each.
        return items.withUnsafeBufferPointer { evaluate(program, action, $0, context) }
    }

    private static func evaluate(
        _ program: RuleProgram, _ action: RuleAction, _ items: UnsafeBufferPointer<DownloadItem>,
        _ context: EvaluationContext
    ) -> RuleOutcome {
        var outcome = RuleOutcome()
        for index in items.indices where program.assetTypes.contains(items[index].key.asset) {
            switch items[index].truth(program, context) {
            case .no: continue
            case .unknown: outcome.unknown.append(index)
            case .yes:
                outcome.selected.append(index)
                if ActionPrecondition.keeps(action, items[index], tags: context.tags[items[index].key] ?? []) {
                    outcome.targets.append(index)
                }
            }
        }
        return outcome
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

extension DownloadItem {
    /// A method of the item's, because one that is passed off a pointer as an argument is copied first; and never inlined,
    /// because then it would be that again.
    @inline(never) fileprivate func truth(_ program: RuleProgram, _ context: borrowing EvaluationContext) -> Truth {
        RuleEvaluator.truth(program, self, context)
    }
}
