import DomainModel
import ItemDecoding

/// Which fields the rows of one kind usually have, for one user; what is gone is told from it. Pure.
///
/// Learned from snapshots, kept in memory only: after a start the first snapshot of at least ``minimumRows`` rows is
/// taken as usual. Until then only the fields that every row has by TorBox's documents are watched.
struct FieldBaseline: Sendable, Equatable {
    /// Fewer rows say nothing about a format.
    static let minimumRows = 3
    /// A field in at least this share of the rows is expected to be in some row.
    static let usualShare = 0.5
    /// A field in at least this share of the rows is expected to stay in half of them ...
    static let steadyShare = 0.9
    /// ... should there be at least so many rows; below, a few new downloads could change the shares.
    static let minimumRowsForShares = 10
    /// In every row of a list. Flags among them would read as off, and not as unknown, when they vanish.
    static let always: Set<ItemField> = [.active, .downloadFinished, .downloadPresent]

    /// The share of rows that had the field, 0...1, when the rows last looked as usual.
    private var shares: [ItemField: Double] = [:]

    /// Fields that rules must not rely on now: gone from all rows, or missing from most where nearly all had them.
    func lost(_ census: FieldCensus, rows: Int) -> Set<ItemField> {
        guard rows >= Self.minimumRows else { return [] }
        let lost = ItemField.allCases.filter { field in
            let (usual, count) = (shares[field] ?? 0, census[field])
            if count == 0 { return usual >= Self.usualShare || Self.always.contains(field) }
            return rows >= Self.minimumRowsForShares && usual >= Self.steadyShare && count * 2 < rows
        }
        return Set(lost)
    }

    /// Takes these rows as usual, except for `lost` fields: what is gone must not become usual by staying away.
    mutating func learn(_ census: FieldCensus, rows: Int, lost: Set<ItemField>) {
        guard rows >= Self.minimumRows else { return }
        for field in ItemField.allCases where !lost.contains(field) {
            shares[field] = Double(census[field]) / Double(rows)
        }
    }
}
