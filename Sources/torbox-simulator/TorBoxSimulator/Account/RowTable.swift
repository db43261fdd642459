/// The rows of one kind. Lists show the newest first; they are kept oldest first, so that a birth is an append.
struct RowTable: Sendable {
    private var rows: [Int: ListedRow] = [:]
    private var order: [Int] = []
    /// The earliest moment at which a row leaves by itself.
    private var nextRemoval = Int.max
    private(set) var hasEvolvingRows = false
    private(set) var highestID = 0

    var count: Int { order.count }

    subscript(id: Int) -> ListedRow? { rows[id] }

    /// The row at a place in the list, 0 being the newest.
    func row(at place: Int) -> ListedRow? { rows[order[order.count - 1 - place]] }

    /// Adds a row, or replaces the one with its id.
    mutating func insert(_ row: ListedRow) {
        remove(row.id)
        order.insert(row.id, at: firstPlace(notBefore: row))
        rows[row.id] = row
        highestID = max(highestID, row.id)
        nextRemoval = min(nextRemoval, row.removedAt ?? .max)
        if row.isEvolving { hasEvolvingRows = true }
    }

    @discardableResult
    mutating func remove(_ id: Int) -> Bool {
        guard rows.removeValue(forKey: id) != nil else { return false }
        order.removeAll { $0 == id }
        return true
    }

    /// Changes a row in place; its creation date must stay.
    mutating func update(_ id: Int, _ change: (inout ListedRow) -> Void) {
        guard var row = rows[id] else { return }
        change(&row)
        rows[id] = row
    }

    /// Drops the rows whose time is over.
    mutating func removeEnded(at second: Int) -> Bool {
        guard second >= nextRemoval else { return false }
        nextRemoval = .max
        for (id, row) in rows {
            guard let end = row.removedAt else { continue }
            if end <= second { rows[id] = nil } else { nextRemoval = min(nextRemoval, end) }
        }
        order.removeAll { rows[$0] == nil }
        return true
    }

    func contains(hash: String) -> Bool {
        rows.values.contains { $0.hash.lowercased() == hash.lowercased() }
    }

    private func firstPlace(notBefore row: ListedRow) -> Int {
        var low = 0
        var high = order.count
        while low < high {
            let middle = (low + high) / 2
            guard let other = rows[order[middle]] else { return middle }
            if (other.createdAt, other.id) < (row.createdAt, row.id) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
