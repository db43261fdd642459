package import DomainModel

extension RuleEvaluator {
    /// Why the rule's conditions hold for `item` or do not. Every condition is shown, also those that evaluation did
    /// not need; the truth at the top is that of ``truth(_:_:_:)``.
    package static func explain(
        _ program: RuleProgram, item: DownloadItem, context: EvaluationContext
    ) -> Explanation {
        let groups = program.groups.map { group in
            let conditions = group.conditions.map { condition in
                Explanation(
                    truth: condition.truth(of: item, in: context), text: condition.shown(for: item, in: context))
            }
            return joined(group.logic, conditions)
        }
        return joined(program.logic, groups)
    }

    private static func joined(_ logic: LogicOperator?, _ children: [Explanation]) -> Explanation {
        guard let logic else { return Explanation(truth: .unknown, text: "unknown logic operator", children: children) }
        let truths = children.map(\.truth)
        let truth =
            truths.contains(logic.decisive)
            ? logic.decisive : logic.settled(isEmpty: truths.isEmpty, sawUnknown: truths.contains(.unknown))
        return Explanation(truth: truth, text: logic.rawValue, children: children)
    }
}
