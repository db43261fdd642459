package import DomainModel
package import GRDB

/// Tags of downloads by bare number, as the REST contract has them (see ``TagRepository`` for how rules narrow them).
package enum DownloadTagRepository {
    /// How given tags change what given downloads have.
    package enum Change: String, Sendable, CaseIterable {
        /// Adds the tags; pairs that exist stay.
        case add
        case remove
        /// The downloads have exactly these tags afterwards.
        case replace
    }

    /// A download's number with the ids and names of its tags, tags by name.
    package static func mappings(_ db: Database) throws -> [(download: String, tag: Int64, name: String)] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT d.download_id, t.id, t.name FROM download_tags d JOIN tags t ON t.id = d.tag_id
                ORDER BY d.download_id, t.name
                """
        ).map { (StoredText.id($0["download_id"]), $0["id"], $0["name"]) }
    }

    /// Changes all of them, with bare numbers: for every item of that number, whatever its kind.
    package static func change(
        _ db: Database, _ change: Change, downloads: [String], tags: [Int64], at now: Timestamp
    ) throws {
        let insert = try db.cachedStatement(
            sql: "INSERT OR IGNORE INTO download_tags(tag_id, download_id, created_at) VALUES (?, ?, ?)")
        let widen = try db.cachedStatement(sql: "DELETE FROM tbx_tag_scope WHERE tag_id = ? AND download_id = ?")
        let remove = try db.cachedStatement(
            sql: "DELETE FROM download_tags WHERE tag_id = ?1 AND download_id IN (?2, ?2 || '.0')")
        let clear = try db.cachedStatement(
            sql: "DELETE FROM download_tags WHERE download_id IN (?1, ?1 || '.0')")
        for download in downloads {
            if change == .replace { try clear.execute(arguments: [download]) }
            for tag in tags {
                if change == .remove {
                    try remove.execute(arguments: [tag, download])
                } else {
                    try widen.execute(arguments: [tag, download])
                    try insert.execute(arguments: [tag, download, now.sqliteText])
                }
            }
        }
    }
}
