import ChaosVerdict
import Synchronization
import TorBoxSimulator

/// Puts rows into accounts that stand still, and raises and lowers their ratios, so that there is always something that
/// has just begun, or just ceased, to fit a rule.
final class ChaosGarden: Sendable {
    private let simulator: TorBoxSimulator
    private let keys: [String]
    /// Every row ever planted, by key and id.
    private let planted = Mutex<[String: [Int: RowKind]]>([:])

    /// More rows than this are not put into an account. Half of them may fit one rule at a time, which is below the
    /// number that a rule may always act on.
    private static let greatestAccount = 16

    init(simulator: TorBoxSimulator, keys: [String]) {
        self.simulator = simulator
        self.keys = keys
        for key in keys { ChaosLibrary.first.forEach { plant($0, in: key, fits: true) } }
    }

    func rows(of key: String) -> [Int: RowKind] { planted.withLock { $0[key] ?? [:] } }

    func run(until end: ContinuousClock.Instant, random: ChaosRandom) async throws {
        var random = random
        while ContinuousClock.now < end {
            guard let key = keys.randomElement(using: &random) else { return }
            tend(key, &random)
            try await Task.sleep(for: random.milliseconds(10...80))
        }
    }

    private func tend(_ key: String, _ random: inout ChaosRandom) {
        let rows = simulator.items(.torrent, of: key)
        let living = rows.filter { RowKind(rowName: $0.name)?.operation != nil && $0.downloadState == "uploading" }
        if rows.count < Self.greatestAccount, random.chance(0.5) {
            let kind = [RowKind.doomed, .toggled, .stopped].randomElement(using: &random) ?? .doomed
            plant(kind, in: key, fits: random.chance(0.3))
        } else if let row = living.randomElement(using: &random) {
            let fits = (row.ratio ?? 0) > RowKind.ratioLimit
            simulator.change(.torrent, row.id, of: key) { $0.ratio = fits ? 0.5 : 3 }
        }
    }

    private func plant(_ kind: RowKind, in key: String, fits: Bool) {
        let number = rows(of: key).count
        let id = simulator.add(ChaosLibrary.row(kind, number: number, fits: fits), to: key)
        planted.withLock { $0[key, default: [:]][id] = kind }
    }
}
