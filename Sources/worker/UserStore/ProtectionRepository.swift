package import DomainModel
package import GRDB
import Storage

/// Downloads that no rule may delete, archive or stop.
///
/// Kept by bare number in stock's table, as the REST contract has it: a number protects every item that has it. That
/// errs on the safe side, so protection has no scopes. It follows an item out of the queue, and by hash a download that is
/// added again under another number.
package enum ProtectionRepository {
    /// The protected numbers, as texts, oldest first.
    package static func ids(_ db: Database) throws -> [String] {
        let sql = "SELECT download_id FROM protected_downloads ORDER BY protected_at, download_id"
        return try String.fetchAll(db.cachedStatement(sql: sql)).map(StoredText.id)
    }

    /// The protected numbers; ids that are no numbers are left out.
    package static func numbers(_ db: Database) throws -> Set<Int64> {
        Set(try ids(db).compactMap(StoredText.number))
    }

    /// Numbers and hashes. Hashes of numbers that are no longer protected (stock may have lifted them) do not count.
    package static func current(_ db: Database) throws -> Protection {
        var protection = Protection(numbers: try numbers(db))
        guard !protection.numbers.isEmpty else { return protection }
        let hashes = try db.cachedStatement(sql: "SELECT item_id, asset, hash FROM tbx_protected_hash")
        for row in try Row.fetchAll(hashes) {
            guard let asset = AssetType(rawValue: row["asset"]), protection.numbers.contains(row["item_id"]) else {
                continue
            }
            protection.hashes[asset, default: []].insert(row["hash"])
        }
        return protection
    }

    /// Those of these numbers whose downloads are protected: by the number, or because the download that was last seen
    /// under it has a protected hash.
    package static func blocked(_ db: Database, among ids: [String]) throws -> Set<String> {
        let protection = try current(db)
        let statement = try db.cachedStatement(
            sql: """
                SELECT item.asset, item.queued, item.item_id, item.hash
                FROM \(StoredNumbers.kinds) \(StoredNumbers.items(numbered: "?")) WHERE item.misses = 0
                """)
        let protected = Set(try self.ids(db))
        return Set(
            try ids.filter { id in
                if protected.contains(id) { return true }
                guard !protection.hashes.isEmpty, let number = StoredText.number(id) else { return false }
                return try Row.fetchAll(statement, arguments: [number]).contains { row in
                    ItemKey(row: row).map { protection.covers($0, hash: row["hash"]) } ?? false
                }
            })
    }

    /// Protects these numbers and the hashes seen under them, or lifts their protection.
    ///
    /// Lifting a number lifts the other numbers of the same download too, or the next poll would protect it again; those
    /// that another stored download has as well stay.
    package static func set(_ db: Database, _ ids: [String], isProtected: Bool, at now: Timestamp) throws {
        let ids = ids.map(StoredText.id)
        if isProtected {
            try ids.forEach { try insert(db, $0, at: now) }
            try learn(db, isPresent: false)
        } else {
            for id in ids {
                if let number = StoredText.number(id) { try liftHashes(db, of: number) }
                try delete(db, id)
            }
        }
    }

    /// Carries protection over to an item's new key. The old number stays protected while another stored item has it.
    package static func follow(_ db: Database, from old: ItemKey, to new: ItemKey, at now: Timestamp) throws {
        guard old.id != new.id, try numbers(db).contains(old.id) else { return }
        try insert(db, String(new.id), at: now)
        try db.executeCached(
            sql: """
                INSERT OR IGNORE INTO tbx_protected_hash(item_id, asset, hash)
                SELECT ?, asset, hash FROM tbx_protected_hash WHERE item_id = ? AND asset = ?
                """, arguments: [new.id, old.id, old.asset.rawValue])
        guard try !StoredNumbers.isShared(db, old) else { return }
        try delete(db, String(old.id))
        try db.executeCached(sql: "DELETE FROM tbx_protected_hash WHERE item_id = ?", arguments: [old.id])
    }

    /// Remembers the hashes of stored items with a protected number, and forgets those of numbers that stock freed.
    /// - Parameter isPresent: only items that the newest complete snapshot holds.
    package static func learn(_ db: Database, isPresent: Bool) throws {
        guard try isAnythingKnown(db) else { return }
        try db.executeCached(
            sql: "DELETE FROM tbx_protected_hash WHERE item_id NOT IN (\(protectedNumbers))")
        try db.executeCached(
            sql: """
                INSERT OR IGNORE INTO tbx_protected_hash(item_id, asset, hash)
                SELECT item.item_id, item.asset, item.hash
                FROM \(StoredNumbers.kinds) CROSS JOIN protected_downloads protected
                \(StoredNumbers.items(numbered: "CAST(protected.download_id AS INTEGER)"))
                WHERE item.hash IS NOT NULL AND (item.misses = 0 OR NOT ?)
                """, arguments: [isPresent])
    }

    /// Protects the number of every present item whose hash is protected, so that it shows to the user and can be lifted.
    package static func spread(_ db: Database, at now: Timestamp) throws {
        guard try isAnythingKnown(db) else { return }
        try db.executeCached(
            sql: """
                INSERT OR IGNORE INTO protected_downloads(download_id, protected_at)
                SELECT DISTINCT CAST(item_id AS TEXT), ?
                FROM tbx_item
                WHERE misses = 0 AND (hash, asset) IN (SELECT hash, asset FROM tbx_protected_hash)
                    AND item_id NOT IN (\(protectedNumbers))
                """, arguments: [now.sqliteText])
    }

    // MARK: Parts

    /// Whether there is any protected number or hash. Most users have none, and every poll asks.
    private static func isAnythingKnown(_ db: Database) throws -> Bool {
        let sql = "SELECT EXISTS (SELECT 1 FROM protected_downloads) OR EXISTS (SELECT 1 FROM tbx_protected_hash)"
        return try Bool.fetchOne(db.cachedStatement(sql: sql)) ?? false
    }

    /// Ids that are no numbers count as 0, which no download has.
    private static let protectedNumbers = "SELECT CAST(download_id AS INTEGER) FROM protected_downloads"

    private static func insert(_ db: Database, _ id: String, at now: Timestamp) throws {
        let statement = try db.cachedStatement(
            sql: "INSERT OR IGNORE INTO protected_downloads(download_id, protected_at) VALUES (?, ?)")
        try statement.execute(arguments: [id, now.sqliteText])
    }

    private static func delete(_ db: Database, _ id: String) throws {
        let statement = try db.cachedStatement(
            sql: "DELETE FROM protected_downloads WHERE download_id IN (?1, ?1 || '.0')")
        try statement.execute(arguments: [id])
    }

    /// Frees every hash of this number, and the numbers that only these hashes have.
    private static func liftHashes(_ db: Database, of number: Int64) throws {
        let bound = try Row.fetchAll(
            db, sql: "SELECT asset, hash FROM tbx_protected_hash WHERE item_id = ?", arguments: [number])
        for row in bound {
            let (asset, hash) = (row["asset"] as String, row["hash"] as String)
            let others = try Int64.fetchAll(
                db,
                sql: """
                    SELECT item_id FROM tbx_protected_hash known
                    WHERE asset = ?1 AND hash = ?2 AND item_id <> ?3 AND NOT EXISTS (
                        SELECT 1 FROM \(StoredNumbers.kinds) \(StoredNumbers.items(numbered: "known.item_id"))
                        WHERE item.asset <> ?1 OR item.hash IS NOT ?2)
                    """, arguments: [asset, hash, number])
            try others.forEach { try delete(db, String($0)) }
            try db.executeCached(
                sql: "DELETE FROM tbx_protected_hash WHERE asset = ? AND hash = ?", arguments: [asset, hash])
        }
    }
}
