package import DomainModel
package import GRDB

/// Downloads that no rule may delete, archive or stop.
///
/// Kept by bare number in stock's table, as the REST contract has it: a number protects every item that has it. That
/// errs on the safe side, so protection has no scopes; it does follow an item out of the queue.
package enum ProtectionRepository {
    /// The protected numbers, as texts, oldest first.
    package static func ids(_ db: Database) throws -> [String] {
        try String.fetchAll(db, sql: "SELECT download_id FROM protected_downloads ORDER BY protected_at, download_id")
            .map(StoredText.id)
    }

    /// The protected numbers; ids that are no numbers are left out.
    package static func numbers(_ db: Database) throws -> Set<Int64> {
        Set(try ids(db).compactMap(StoredText.number))
    }

    /// Protects these numbers, or lifts their protection.
    package static func set(_ db: Database, _ ids: [String], isProtected: Bool, at now: Timestamp) throws {
        let insert = try db.cachedStatement(
            sql: "INSERT OR IGNORE INTO protected_downloads(download_id, protected_at) VALUES (?, ?)")
        let delete = try db.cachedStatement(
            sql: "DELETE FROM protected_downloads WHERE download_id IN (?1, ?1 || '.0')")
        for id in ids.map(StoredText.id) {
            if isProtected {
                try insert.execute(arguments: [id, now.sqliteText])
            } else {
                try delete.execute(arguments: [id])
            }
        }
    }

    /// Carries protection over to an item's new key. The old number stays protected while another stored item has it.
    package static func follow(_ db: Database, from old: ItemKey, to new: ItemKey, at now: Timestamp) throws {
        guard old.id != new.id, try numbers(db).contains(old.id) else { return }
        try set(db, [String(new.id)], isProtected: true, at: now)
        if try !StoredNumbers.isShared(db, old) { try set(db, [String(old.id)], isProtected: false, at: now) }
    }
}
