package import DomainModel

/// Turns what rules matched into what is to be done: the last pure step of a poll.
///
/// Rules go in a fixed order (by id, those that destroy last), an item suffers at most one destructive action a
/// poll, and a batch that would destroy too much of a library is parked whole (architecture 7.7, 7.8).
package struct ActionPlanner: Sendable {
    /// What a rule matched in this poll.
    package struct Match: Sendable {
        package var program: RuleProgram
        package var outcome: RuleOutcome

        package init(program: RuleProgram, outcome: RuleOutcome) {
            self.program = program
            self.outcome = outcome
        }
    }

    /// Why a matched item is left alone.
    package enum SkipReason: String, Sendable, Equatable {
        /// The user protects it.
        case protected
        /// TorBox says that it is airlocked.
        case airlocked
        /// The same (or its removal) was done or asked before, and no later snapshot has shown the effect yet.
        case awaitingEffect = "awaiting_effect"
        /// The rule's earlier batch with this item was parked, and nobody has changed the rule since.
        case parked
        /// Another rule already destroys it in this poll.
        case conflict
    }

    /// One rule's share of the plan. `items` are indexes into the snapshot's items.
    package struct Run: Sendable, Equatable {
        package struct Skip: Sendable, Equatable {
            package var item: Int
            package var reason: SkipReason
        }

        package var rule: RuleID
        package var action: RuleAction
        package var items: [Int]
        package var skipped: [Skip]
        /// Non-nil: the batch would destroy more than this many items allowed in one run, so none of it may run.
        package var parkedLimit: Int?
    }

    /// What the plan must respect beyond the matches.
    package struct Constraints: Sendable {
        package var protected: Set<ItemKey>
        /// Items for which an earlier action of that name is open or has shown no effect yet.
        package var awaitingEffect: [ItemKey: Set<String>]
        /// Items that a rule's parked batches hold.
        package var parked: [RuleID: Set<ItemKey>]

        package init(
            protected: Set<ItemKey> = [], awaitingEffect: [ItemKey: Set<String>] = [:],
            parked: [RuleID: Set<ItemKey>] = [:]
        ) {
            self.protected = protected
            self.awaitingEffect = awaitingEffect
            self.parked = parked
        }
    }

    /// Destructive actions that one run may always do, however small the library. Source: architecture 7.7.
    package static let alwaysAllowed = 10
    /// Share of the library that one run may destroy. Source: architecture 7.7.
    package static let allowedShare = 0.2

    /// The runs in the order in which they are to be carried out; rules with nothing to do and nothing to report
    /// are left out.
    package static func plan(_ matches: [Match], items: [DownloadItem], constraints: Constraints) -> [Run] {
        var destroyed: Set<Int> = []
        return matches.sorted(by: precedes).compactMap { match in
            guard let action = match.program.action, !match.outcome.targets.isEmpty else { return nil }
            var run = Run(rule: match.program.id, action: action, items: [], skipped: [])
            let parked = constraints.parked[run.rule] ?? []
            for index in match.outcome.targets {
                let reason =
                    parked.contains(items[index].key)
                    ? .parked
                    : skipReason(action, items[index], constraints, isDestroyed: destroyed.contains(index))
                if let reason {
                    run.skipped.append(.init(item: index, reason: reason))
                } else {
                    run.items.append(index)
                }
            }
            if action.isDestructive {
                let limit = match.program.maxItems ?? destructionLimit(librarySize: items.count)
                // Else a rule that wants too much would destroy one new match after the other.
                let wanted = run.items.count + run.skipped.count { $0.reason == .parked }
                if !run.items.isEmpty && wanted > limit {
                    run.parkedLimit = limit
                } else {
                    destroyed.formUnion(run.items)
                }
            }
            return run.items.isEmpty && run.skipped.isEmpty ? nil : run
        }
    }

    /// `max(10, 20 % of the library)`.
    package static func destructionLimit(librarySize: Int) -> Int {
        max(alwaysAllowed, Int(Double(librarySize) * allowedShare))
    }

    private static func precedes(_ left: Match, _ right: Match) -> Bool {
        let (leftDestroys, rightDestroys) = (left.isDestructive, right.isDestructive)
        return leftDestroys == rightDestroys ? left.program.id < right.program.id : rightDestroys
    }

    /// The same action again; or a destructive one while the item's removal, under whichever name, is under way.
    private static func isBarred(_ action: RuleAction, by open: Set<String>) -> Bool {
        let removals = [RuleAction.delete.name, RuleAction.archive.name]
        return open.contains(action.name) || (action.isDestructive && !open.isDisjoint(with: removals))
    }

    private static func skipReason(
        _ action: RuleAction, _ item: DownloadItem, _ constraints: Constraints, isDestroyed: Bool
    ) -> SkipReason? {
        if let open = constraints.awaitingEffect[item.key], isBarred(action, by: open) { return .awaitingEffect }
        guard action.isDestructive else { return isDestroyed ? .conflict : nil }
        if constraints.protected.contains(item.key) { return .protected }
        if item.isAirlocked && action.removesItem { return .airlocked }
        return isDestroyed ? .conflict : nil
    }
}

extension ActionPlanner.Match {
    fileprivate var isDestructive: Bool { program.action?.isDestructive ?? false }
}
