import DomainModel

extension SlotMap {
    /// The map for another number of workers, one epoch later: even shares, each in one run of neighbours, with
    /// as few slots moved as the order of the runs can be chosen for. A new worker's run goes where it pushes
    /// the others least, which is mostly the middle: 4 -> 5 workers moves 76 slots instead of 128.
    ///
    /// - Precondition: 1...256 workers.
    package func resized(to workers: Int) -> SlotMap {
        precondition((1...Slot.count).contains(workers), "a slot map is for 1 to 256 workers, not \(workers)")
        var order = ownersInOrder.filter { $0 < workers }
        for newcomer in Set(0..<workers).subtracting(order).sorted() {
            order.insert(newcomer, at: bestPlace(of: newcomer, in: order))
        }
        // Even shares of an order of existing workers are always a map; the fallback only satisfies the type.
        return SlotMap(epoch: epoch + 1, owners: Self.evenShares(of: order))
            ?? SlotMap(workers: workers, epoch: epoch + 1)
    }

    /// The workers by their first slot.
    private var ownersInOrder: [Int] {
        var seen: Set<Int> = []
        return ranges.map(\.worker).filter { seen.insert($0).inserted }
    }

    /// The position at which the fewest slots change owner; the first of several.
    private func bestPlace(of newcomer: Int, in order: [Int]) -> Int {
        var best = (place: 0, moved: Int.max)
        for place in 0...order.count {
            let moved = slotsMoved(byInserting: newcomer, at: place, in: order)
            if moved < best.moved { best = (place, moved) }
        }
        return best.place
    }

    private func slotsMoved(byInserting newcomer: Int, at place: Int, in order: [Int]) -> Int {
        var moved = 0
        for (slot, owner) in owners.enumerated() {
            let share = slot * (order.count + 1) / Slot.count
            let next = share == place ? newcomer : order[share < place ? share : share - 1]
            if next != owner { moved += 1 }
        }
        return moved
    }

    private static func evenShares(of order: [Int]) -> [Int] {
        (0..<Slot.count).map { order[$0 * order.count / Slot.count] }
    }
}
