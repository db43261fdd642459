/// All lists that TorBox sent, by account, oldest first.
package struct ShownHistory: Sendable {
    private var showings: [String: [Showing]] = [:]

    package init() {}

    /// Calls of one account come in their order.
    package mutating func add(_ showing: Showing, to account: String) {
        showings[account, default: []].append(showing)
    }

    /// Those that were sent before a call, newest first.
    func before(_ sequence: Int, of account: String) -> some Sequence<Showing> {
        let all = showings[account] ?? []
        var (low, high) = (0, all.count)
        while low < high {
            let middle = (low + high) / 2
            if all[middle].sequence < sequence { low = middle + 1 } else { high = middle }
        }
        return all[..<low].reversed()
    }
}
