import DomainModel
import ItemDecoding
import TorBoxClient

/// What one user's snapshots usually look like, and whether the newest one did. Pure.
struct UserContract: Sendable {
    enum Change: Sendable, Equatable { case none, began, ended }

    private var baselines: [AssetType: FieldBaseline] = [:]
    private(set) var verdict = ContractVerdict()

    /// Judges a complete snapshot and learns from what is usual in it. A kind with too few rows to judge keeps
    /// the judgement that it had.
    mutating func take(_ snapshot: LibrarySnapshot) -> Change {
        let before = verdict
        let listed = snapshot.items.filter { !$0.key.isQueued }
        let counts = Dictionary(grouping: listed, by: \.key.asset).mapValues(\.count)
        var verdict = Self.states(of: listed)
        for asset in snapshot.assets.union(before.lostFields.keys) {
            guard let census = snapshot.census.fields[asset], let rows = counts[asset],
                rows >= FieldBaseline.minimumRows
            else {
                verdict.lostFields[asset] = before.lostFields[asset]
                continue
            }
            let lost = baselines[asset, default: FieldBaseline()].lost(census, rows: rows)
            if !lost.isEmpty { verdict.lostFields[asset] = lost }
            baselines[asset, default: FieldBaseline()].learn(census, rows: rows, lost: lost)
        }
        self.verdict = verdict
        return switch (before.isNormal, verdict.isNormal) {
        case (true, false): .began
        case (false, true): .ended
        default: .none
        }
    }

    private static func states(of items: [DownloadItem]) -> ContractVerdict {
        let strange = items.filter { item in item.downloadState.map { !KnownStates.contains($0) } ?? false }
        let texts = Set(strange.compactMap(\.downloadState).map { String($0.prefix(ContractVerdict.stateLength)) })
        return ContractVerdict(
            strangeItems: Set(strange.map(\.key)),
            strangeStates: Array(texts.sorted().prefix(ContractVerdict.statesShown)))
    }
}
