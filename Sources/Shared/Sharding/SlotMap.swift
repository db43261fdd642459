package import DomainModel

/// Which worker owns which slot, as of an epoch. Only the supervisor makes a new one; everybody else goes by
/// the newest that they were given.
///
/// Workers own contiguous ranges, so that a map reads well and a registry query over a worker's users is a
/// handful of index ranges.
package struct SlotMap: Sendable, Equatable {
    /// Rises by one with every change. Two maps of the same epoch are the same map.
    package let epoch: UInt64
    /// 256 worker indexes, by slot.
    let owners: [Int]

    /// An even share for workers `0..<workers`.
    ///
    /// - Precondition: 1...256 workers.
    package init(workers: Int, epoch: UInt64 = 1) {
        precondition((1...Slot.count).contains(workers), "a slot map is for 1 to 256 workers, not \(workers)")
        self.epoch = epoch
        owners = (0..<Slot.count).map { $0 * workers / Slot.count }
    }

    /// Nil unless every slot has an owner of 0...255.
    package init?(epoch: UInt64, owners: [Int]) {
        guard owners.count == Slot.count, owners.allSatisfy((0..<Slot.count).contains) else { return nil }
        self.epoch = epoch
        self.owners = owners
    }

    package func owner(of slot: Slot) -> Int { owners[Int(slot.number)] }

    package func owner(of user: UserID) -> Int { owner(of: user.slot) }

    package func slots(of worker: Int) -> [Slot] { Slot.all.filter { owner(of: $0) == worker } }

    /// How many workers the map speaks of.
    package var workerCount: Int { (owners.max() ?? 0) + 1 }

    /// Runs of equal owners: `(first slot, last slot, worker)`.
    package var ranges: [SlotRange] {
        var result: [SlotRange] = []
        for slot in Slot.all {
            let worker = owner(of: slot)
            if let last = result.last, last.worker == worker {
                result[result.count - 1].last = slot.number
            } else {
                result.append(SlotRange(first: slot.number, last: slot.number, worker: worker))
            }
        }
        return result
    }
}

/// Neighbouring slots of one worker, both ends included.
package struct SlotRange: Codable, Sendable, Equatable {
    package var first: UInt8
    package var last: UInt8
    package var worker: Int

    package init(first: UInt8, last: UInt8, worker: Int) {
        self.first = first
        self.last = last
        self.worker = worker
    }
}

extension SlotMap: Codable {
    private enum CodingKeys: String, CodingKey { case epoch, ranges }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let ranges = try container.decode([SlotRange].self, forKey: .ranges)
        var owners = [Int](repeating: -1, count: Slot.count)
        // Slots in all: an overlap hides no hole, so together with the count below each slot has just one owner.
        var named = 0
        for range in ranges where range.first <= range.last {
            for slot in range.first...range.last { owners[Int(slot)] = range.worker }
            named += Int(range.last - range.first) + 1
        }
        let isExact = named == Slot.count && ranges.allSatisfy { $0.first <= $0.last }
        let epoch = try container.decode(UInt64.self, forKey: .epoch)
        guard isExact, let map = SlotMap(epoch: epoch, owners: owners) else {
            throw DecodingError.dataCorruptedError(
                forKey: .ranges, in: container,
                debugDescription: "a slot map must give every slot just one owner of 0 to 255")
        }
        self = map
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(epoch, forKey: .epoch)
        try container.encode(ranges, forKey: .ranges)
    }
}
