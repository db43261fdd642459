import TorBoxSimulator

/// When each child was ended by us, so that none is driven into quarantine: 5 deaths in 60 s, 20 in 30 minutes.
struct ChaosDeaths {
    private var deaths: [String: [Int]] = [:]

    func allow(_ role: String) -> Bool {
        let now = RealTime.milliseconds()
        let past = deaths[role] ?? []
        return past.count { now - $0 < 60_000 } < 3 && past.count { now - $0 < 1_800_000 } < 17
    }

    mutating func note(_ role: String) { deaths[role, default: []].append(RealTime.milliseconds()) }

    /// A new supervisor counts from nothing.
    mutating func forget() { deaths = [:] }
}
