import Synchronization

/// Counts of what was done, by group and name, for the table at the end.
final class ChaosTally: Sendable {
    private let counts = Mutex<[String: [String: Int]]>([:])

    func count(_ group: String, _ name: String, by amount: Int = 1) {
        counts.withLock { $0[group, default: [:]][name, default: 0] += amount }
    }

    /// All counts of a group together.
    func total(_ group: String) -> Int { counts.withLock { $0[group]?.values.reduce(0, +) ?? 0 } }

    /// One line for each group, `requests   acknowledged 310, no answer 4`.
    var table: String {
        counts.withLock { groups in
            groups.sorted { $0.key < $1.key }.map { group, names in
                let list = names.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
                return group + String(repeating: " ", count: max(1, 12 - group.count)) + list
            }.joined(separator: "\n")
        }
    }
}
