import DomainModel
import RuleEngine

/// What of one snapshot does not look as TorBox's rows are known to look, and what therefore holds still. Pure.
struct ContractVerdict: Sendable, Equatable {
    /// Fields that vanished from the rows of a kind; rules that rest on one select nothing of that kind.
    var lostFields: [AssetType: Set<ItemField>] = [:]
    /// Items whose state is a text that nobody knows.
    var strangeItems: Set<ItemKey> = []
    /// Those texts, in order, cut short, a few of them.
    var strangeStates: [String] = []

    /// States named at most.
    static let statesShown = 5
    /// Characters shown of a state.
    static let stateLength = 40

    var isNormal: Bool { lostFields.isEmpty && strangeItems.isEmpty }

    /// For the log.
    var reason: String {
        strangeStates.isEmpty ? openReason : openReason + ": " + strangeStates.joined(separator: ", ")
    }

    /// The same for everybody's eyes: without texts that TorBox sent.
    var openReason: String {
        var parts = lostFields.sorted { $0.key.rawValue < $1.key.rawValue }.map { asset, fields in
            "\(asset.rawValue) rows without \(fields.map(\.key).sorted().joined(separator: ", "))"
        }
        if !strangeItems.isEmpty { parts.append("\(strangeItems.count) items in unknown states") }
        return parts.joined(separator: "; ")
    }

    /// Whether the rule must leave the item alone in this poll.
    func isFrozen(_ item: DownloadItem, for program: RuleProgram) -> Bool {
        if let lost = lostFields[item.key.asset], !lost.isDisjoint(with: program.requiredFields) { return true }
        guard strangeItems.contains(item.key) else { return false }
        return program.action?.isDestructive == true || program.requiredFields.contains(.downloadState)
    }

    /// What is left of a rule's outcome.
    func thawed(_ outcome: RuleOutcome, of program: RuleProgram, items: [DownloadItem]) -> RuleOutcome {
        guard !isNormal else { return outcome }
        return outcome.uncertain { isFrozen(items[$0], for: program) }
    }
}
