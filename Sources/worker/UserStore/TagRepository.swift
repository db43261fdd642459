package import DomainModel
package import GRDB

/// Tags and what they are on.
///
/// Stock's `download_tags` is the truth and is keyed by bare number, as the REST contract is. `tbx_tag_scope` narrows
/// one of its rows to single items: a row with scopes counts for those items only, a row without for every item with
/// that number. Rules write scoped rows, REST writes bare ones (which widens a scoped row), and ``follow(_:from:to:at:)``
/// carries both over when a queued item gets its real number. Stock reads all of them as its own.
package enum TagRepository {
    /// The ids of all tags.
    package static func existingTags(_ db: Database) throws -> Set<Int64> {
        try Int64.fetchSet(db, sql: "SELECT id FROM tags")
    }

    /// Everything that is tagged.
    package static func assignments(_ db: Database) throws -> TagAssignments {
        try collect(Row.fetchCursor(db.cachedStatement(sql: selectAssignments)))
    }

    /// Puts tags on one item only. Tags that do not exist are passed over; one that the number has already by REST stays
    /// as it is. Returns how many were not on the item before.
    @discardableResult
    package static func add(_ db: Database, _ tags: Set<Int64>, to item: ItemKey, at now: Timestamp) throws -> Int {
        let number = String(item.id)
        let insert = try db.cachedStatement(
            sql: """
                INSERT OR IGNORE INTO download_tags(tag_id, download_id, created_at) SELECT id, ?, ? FROM tags WHERE id = ?
                """)
        let hasScope = try db.cachedStatement(
            sql: "SELECT 1 FROM tbx_tag_scope WHERE tag_id = ? AND download_id = ? LIMIT 1")
        let scope = try db.cachedStatement(
            sql: "INSERT OR IGNORE INTO tbx_tag_scope(tag_id, download_id, asset, queued) VALUES (?, ?, ?, ?)")
        var added = 0
        for tag in tags.sorted() {
            try insert.execute(arguments: [number, now.sqliteText, tag])
            let isNew = db.changesCount > 0
            // Nothing new and no scope: either set by REST for every item of the number, or no such tag.
            guard try isNew || Int.fetchOne(hasScope, arguments: [tag, number]) != nil else { continue }
            try scope.execute(arguments: [tag, number, item.asset.rawValue, item.isQueued])
            added += db.changesCount
        }
        return added
    }

    /// Takes tags off one item. One set by REST for the bare number goes too, since the number is all that REST could
    /// say. Returns how many were on the item.
    @discardableResult
    package static func remove(_ db: Database, _ tags: Set<Int64>, from item: ItemKey) throws -> Int {
        let number = String(item.id)
        let unscope = try db.cachedStatement(
            sql: "DELETE FROM tbx_tag_scope WHERE tag_id = ? AND download_id = ? AND asset = ? AND queued = ?")
        let remaining = try db.cachedStatement(
            sql: "SELECT count(*) FROM tbx_tag_scope WHERE tag_id = ? AND download_id = ?")
        let delete = try db.cachedStatement(
            sql: "DELETE FROM download_tags WHERE tag_id = ?1 AND download_id IN (?2, ?2 || '.0')")
        var removed = 0
        for tag in tags.sorted() {
            try unscope.execute(arguments: [tag, number, item.asset.rawValue, item.isQueued])
            let wasScoped = db.changesCount > 0
            let others = try Int.fetchOne(remaining, arguments: [tag, number]) ?? 0
            if others == 0 { try delete.execute(arguments: [tag, number]) }
            if wasScoped || (others == 0 && db.changesCount > 0) { removed += 1 }
        }
        return removed
    }

    /// Carries the tags of an item over to its new key, scoped to it, and takes them off the old one. A tag that was set for
    /// a bare number stays there too while another stored item has that number.
    package static func follow(_ db: Database, from old: ItemKey, to new: ItemKey, at now: Timestamp) throws {
        let statement = try db.cachedStatement(sql: "\(selectAssignments) WHERE d.download_id IN (?1, ?1 || '.0')")
        let assigned = try collect(Row.fetchCursor(statement, arguments: [String(old.id)]))
        let scoped = assigned.byItem[old] ?? []
        // With the same number, a tag for the bare number is on the new key already.
        let bare = old.id == new.id ? [] : assigned.byNumber[old.id] ?? []
        try add(db, scoped.union(bare), to: new, at: now)
        try remove(db, StoredNumbers.isShared(db, old) ? scoped : scoped.union(bare), from: old)
    }

    private static let selectAssignments = """
        SELECT d.tag_id, d.download_id, s.asset, s.queued FROM download_tags d
        LEFT JOIN tbx_tag_scope s ON s.tag_id = d.tag_id AND s.download_id = d.download_id
        """

    private static func collect(_ rows: RowCursor) throws -> TagAssignments {
        var assignments = TagAssignments()
        while let row = try rows.next() {
            let tag: Int64 = row[0]
            guard let number = StoredText.number(row[1]) else { continue }
            guard let kind: String = row[2] else {
                assignments.byNumber[number, default: []].insert(tag)
                continue
            }
            guard let asset = AssetType(rawValue: kind) else { continue }
            assignments.byItem[ItemKey(asset: asset, isQueued: row[3], id: number), default: []].insert(tag)
        }
        return assignments
    }
}
