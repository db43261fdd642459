import Synchronization
import TorBoxSimulator

/// Raises the ratio of `rising` rows now and then, and remembers when: before that nothing may delete them.
final class ChaosGrowth: Sendable {
    private let simulator: TorBoxSimulator
    private let keys: [String]
    /// Unix milliseconds by account and row.
    private let raised = Mutex<[String: Int]>([:])

    init(simulator: TorBoxSimulator, keys: [String]) {
        self.simulator = simulator
        self.keys = keys
    }

    func run(until end: ContinuousClock.Instant, random: ChaosRandom) async throws {
        var random = random
        while ContinuousClock.now < end {
            guard let key = keys.randomElement(using: &random) else { return }
            let rows = simulator.items(.torrent, of: key).filter { $0.name.hasPrefix("rising") && ($0.ratio ?? 0) < 2 }
            if let row = rows.first { raise(row.id, of: key) }
            try await Task.sleep(for: random.milliseconds(100...500))
        }
    }

    /// When a row first fitted its rule; nil when it never did.
    func time(account: String, id: Int) -> Int? { raised.withLock { $0["\(account) \(id)"] } }

    private func raise(_ id: Int, of key: String) {
        // Noted first: a list that is read in between shows the row only afterwards.
        raised.withLock { $0["\(AccountIdentity(key: key).shortID) \(id)"] = RealTime.milliseconds() }
        simulator.change(.torrent, id, of: key) { $0.ratio = 3 }
    }
}
