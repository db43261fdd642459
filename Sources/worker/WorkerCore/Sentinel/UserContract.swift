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
        var (counts, verdict) = ([AssetType: Int](), ContractVerdict())
        // Through a pointer, because items are large and reading them off the array would copy each.
        snapshot.items.withUnsafeBufferPointer { (counts, verdict) = Self.survey(of: $0) }
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

    /// More than a library has of them, as a rule.
    private static let usualStates = 12

    /// How many rows each kind's list has, and those in states that nobody knows.
    private static func survey(
        of items: UnsafeBufferPointer<DownloadItem>
    ) -> (counts: [AssetType: Int], verdict: ContractVerdict) {
        var counts: [AssetType: Int] = [:]
        var verdict = ContractVerdict()
        // A library has few different texts: those that are known are looked for one by one, which is faster than by their hash.
        var usual: [String] = []
        var known: [String: Bool] = [:]
        // Rows of a kind come together: counted by the run, because a look-up for each row is dear.
        var run = (asset: AssetType.torrent, count: 0)
        for index in items.indices where !items[index].key.isQueued {
            if items[index].key.asset != run.asset {
                counts[run.asset, default: 0] += run.count
                run = (items[index].key.asset, 0)
            }
            run.count += 1
            guard let state = items[index].downloadState, !usual.contains(state) else { continue }
            let isKnown = known[state] ?? KnownStates.contains(state)
            if isKnown && usual.count < Self.usualStates { usual.append(state) }
            known[state] = isKnown
            if !isKnown { verdict.strangeItems.insert(items[index].key) }
        }
        counts[run.asset, default: 0] += run.count
        let texts = Set(known.filter { !$0.value }.keys.map { String($0.prefix(ContractVerdict.stateLength)) })
        verdict.strangeStates = Array(texts.sorted().prefix(ContractVerdict.statesShown))
        return (counts, verdict)
    }
}
