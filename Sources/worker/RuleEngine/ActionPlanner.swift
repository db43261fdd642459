package import DomainModel

/// Turns what rules matched into what is to be done: the last pure step of a poll.
///
/// Rules go in a fixed order (by id, those that destroy last), an item suffers at most one destructive action a
/// poll, and a batch that would destroy too much of a library is held whole (architecture 7.7, 7.8).
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
        /// The rule's earlier batch with this item was parked or rejected, and nobody has changed the rule since.
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
        /// To be done.
        package var items: [Int]
        package var skipped: [Skip]
        /// Not to be done before a person says so; empty without ``hold``.
        package var held: [Int] = []
        package var hold: Hold?
    }

    /// Why a run's destructive actions wait for a person.
    package struct Hold: Sendable, Equatable {
        package enum Reason: Sendable, Equatable {
            /// The run would destroy more than ``Hold/limit`` items.
            case limit
            /// Nothing at all may be destroyed at present.
            case breaker
        }

        package var reason: Reason
        /// Items that the run might have destroyed.
        package var limit: Int
    }

    /// What the plan must respect beyond the matches.
    package struct Constraints: Sendable {
        package var protected: Set<ItemKey>
        /// Items for which an earlier action of that name is open or has shown no effect yet.
        package var awaitingEffect: [ItemKey: Set<String>]
        /// Items that a rule's parked batches hold, or that a person refused. They count towards its limit.
        package var parked: [RuleID: Set<ItemKey>]
        /// Items that a person let a rule destroy: neither limit nor breaker applies to them, everything else does.
        package var approved: [RuleID: Set<ItemKey>]
        /// Whether the breaker is open: nothing is destroyed but what was approved.
        package var isBreakerOpen: Bool

        package init(
            protected: Set<ItemKey> = [], awaitingEffect: [ItemKey: Set<String>] = [:],
            parked: [RuleID: Set<ItemKey>] = [:], approved: [RuleID: Set<ItemKey>] = [:], isBreakerOpen: Bool = false
        ) {
            self.protected = protected
            self.awaitingEffect = awaitingEffect
            self.parked = parked
            self.approved = approved
            self.isBreakerOpen = isBreakerOpen
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
            let approved = constraints.approved[run.rule] ?? []
            let parked = (constraints.parked[run.rule] ?? []).subtracting(approved)
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
                run.hold(within: limit, isBreakerOpen: constraints.isBreakerOpen) { !approved.contains(items[$0].key) }
                destroyed.formUnion(run.items)
            }
            return run.items.isEmpty && run.held.isEmpty && run.skipped.isEmpty ? nil : run
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

extension ActionPlanner.Run {
    /// Holds back what may not be destroyed now: all of it or nothing, but for what a person let go.
    fileprivate mutating func hold(within limit: Int, isBreakerOpen: Bool, _ isSubject: (Int) -> Bool) {
        let subject = items.filter(isSubject)
        guard !subject.isEmpty else { return }
        // Else a rule that wants too much would destroy one new match after the other.
        let wanted = subject.count + skipped.count { $0.reason == .parked }
        guard wanted > limit || isBreakerOpen else { return }
        hold = ActionPlanner.Hold(reason: wanted > limit ? .limit : .breaker, limit: limit)
        held = subject
        items.removeAll(where: isSubject)
    }
}
