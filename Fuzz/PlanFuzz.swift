import DomainModel
import RuleEngine

/// Grows rules and a library out of the bytes, and takes them from the validator to the plan as a poll does. Whatever
/// they are, the plan keeps the promises: see `check`.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzPlan(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    var grower = Grower(Array(UnsafeBufferPointer(start: start, count: count)))
    let programs = (1...(1 + grower.count(below: 4))).compactMap { program(&grower, id: $0) }
    guard !programs.isEmpty else { return 0 }
    let items = grower.items(grower.count(below: 40))
    let context = grower.context(of: items)
    let matches = programs.map { program in
        let outcome = RuleEvaluator.evaluate(program, items: items, context: context)
        check(outcome, of: program, items)
        return ActionPlanner.Match(program: program, outcome: outcome)
    }
    let constraints = constraints(&grower, items)
    check(ActionPlanner.plan(matches, items: items, constraints: constraints), programs, items, constraints)
    return 0
}

/// Validated, stored and read back.
private func program(_ grower: inout Grower, id: Int) -> RuleProgram? {
    guard case .success(let draft) = RuleValidator.validate(grower.rule(id: id)) else { return nil }
    let stored = StoredRule(
        id: RuleID(Int64(id)), revision: 1, name: draft.name, isEnabled: draft.isEnabled,
        assetTypes: draft.assetTypesColumn, trigger: draft.trigger, conditions: draft.conditions, action: draft.action)
    return RuleProgram(stored)
}

private func constraints(_ grower: inout Grower, _ items: [DownloadItem]) -> ActionPlanner.Constraints {
    var constraints = ActionPlanner.Constraints()
    for item in items {
        switch grower.count(below: 8) {
        case 1: constraints.protected.insert(item.key)
        case 2: constraints.awaitingEffect[item.key] = [grower.pick(["delete", "stop_seeding", "add_tag"])]
        case 3: constraints.parked[RuleID(Int64(1 + grower.count(below: 4))), default: []].insert(item.key)
        default: continue
        }
    }
    return constraints
}

private func check(_ outcome: RuleOutcome, of program: RuleProgram, _ items: [DownloadItem]) {
    let selected = Set(outcome.selected)
    precondition(selected.count == outcome.selected.count, "an item is selected twice")
    precondition(selected.isSuperset(of: outcome.targets), "a target that is not selected")
    precondition(selected.isDisjoint(with: outcome.unknown), "an item is selected and unknown")
    precondition(program.isEnabled || selected.isEmpty, "a rule that is off selects")
    for index in selected {
        precondition(program.assetTypes.contains(items[index].key.asset), "a rule selects a kind that it is not for")
    }
}

private func check(
    _ runs: [ActionPlanner.Run], _ programs: [RuleProgram], _ items: [DownloadItem],
    _ constraints: ActionPlanner.Constraints
) {
    var destroyed: Set<Int> = []
    for run in runs where run.action.isDestructive {
        let limit = programs.first { $0.id == run.rule }?.maxItems
        precondition(
            run.items.count <= limit ?? ActionPlanner.destructionLimit(librarySize: items.count), "more than the limit")
        for index in run.items {
            precondition(destroyed.insert(index).inserted, "two destructive actions on one item")
            precondition(!constraints.protected.contains(items[index].key), "a protected item is destroyed")
            precondition(!(items[index].isAirlocked && run.action.removesItem), "an airlocked item is removed")
        }
    }
}
