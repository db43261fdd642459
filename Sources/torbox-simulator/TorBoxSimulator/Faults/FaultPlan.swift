/// The faults in force, and which of them strike a call.
struct FaultPlan: Sendable {
    struct Entry: Sendable {
        var id: Int
        var fault: SimulatedFault
        var account: AccountIdentity?
        var remaining: Int?
        var toSkip: Int
        var endsAt: Int?
        var struck = 0
    }

    private(set) var entries: [Entry] = []
    private var lastID = 0
    private var generator: SeededGenerator

    init(seed: UInt64) { generator = SeededGenerator(seed, 7_001) }

    /// - Parameter now: Real Unix milliseconds.
    /// - Returns: A number by which to remove it.
    mutating func add(_ fault: SimulatedFault, now: Int) -> Int {
        lastID += 1
        entries.append(
            Entry(
                id: lastID, fault: fault, account: fault.account.map(AccountIdentity.init(key:)),
                remaining: fault.times, toSkip: fault.skipping, endsAt: fault.lastsMilliseconds.map { now + $0 }))
        return lastID
    }

    /// Removes one fault, or all of them.
    mutating func remove(_ id: Int?) {
        entries.removeAll { id == nil || $0.id == id }
    }

    /// The faults that strike a call, in the order in which they were added; each is used up by one strike.
    mutating func strikes(
        account: AccountIdentity?, endpoint: SimulatorEndpoint?, now: Int
    ) -> [FaultKind] {
        guard !entries.isEmpty else { return [] }
        entries.removeAll { ($0.endsAt ?? .max) <= now }
        var kinds: [FaultKind] = []
        for place in entries.indices where matches(entries[place], account, endpoint) {
            if strike(place) { kinds.append(entries[place].fault.kind) }
        }
        entries.removeAll { $0.remaining == 0 }
        return kinds
    }

    private func matches(_ entry: Entry, _ account: AccountIdentity?, _ endpoint: SimulatorEndpoint?) -> Bool {
        if let wanted = entry.account, wanted != account { return false }
        let endpoints = entry.fault.endpoints
        guard !endpoints.isEmpty else { return true }
        return endpoint.map(endpoints.contains) ?? false
    }

    private mutating func strike(_ place: Int) -> Bool {
        if entries[place].remaining == 0 { return false }
        if entries[place].toSkip > 0 {
            entries[place].toSkip -= 1
            return false
        }
        let probability = entries[place].fault.probability
        if probability < 1, !generator.chance(probability) { return false }
        entries[place].struck += 1
        if let remaining = entries[place].remaining { entries[place].remaining = remaining - 1 }
        return true
    }
}
