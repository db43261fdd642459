/// Why a rule holds for one item or does not: a tree as the rule's own, each node with its truth.
package struct Explanation: Sendable, Equatable {
    package var truth: Truth
    /// What was compared: `RATIO 2.31 > 2`, `AGE unknown > 24 h`; for groups `and` or `or`. Never the text of a link.
    package var text: String
    /// Groups of a rule, conditions of a group; empty for a condition.
    package var children: [Explanation]

    package init(truth: Truth, text: String, children: [Explanation] = []) {
        self.truth = truth
        self.text = text
        self.children = children
    }

    /// The conditions that hold, in one line for a log: `RATIO 2.31 > 2; STATUS seeding is any of seeding`. At most
    /// `limit` characters.
    package func evidence(limit: Int = 200) -> String {
        let line = holding.joined(separator: "; ")
        return line.count <= limit ? line : String(line.prefix(max(0, limit - 3))) + "..."
    }

    private var holding: [String] {
        guard truth == .yes else { return [] }
        return children.isEmpty ? [text] : children.flatMap(\.holding)
    }
}
