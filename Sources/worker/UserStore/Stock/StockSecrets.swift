package import GRDB

/// What is stored encrypted in a user's file.
package enum StockSecrets {
    /// The key of another service that the user gave; nil when there is none.
    package static func movieKey(_ db: Database) throws -> String? {
        try String.fetchOne(db, sql: "SELECT encrypted_api_key FROM tmdb_credentials WHERE id = 1")
    }

    package static func setMovieKey(_ db: Database, _ encrypted: String) throws {
        try db.execute(sql: "UPDATE tmdb_credentials SET encrypted_api_key = ? WHERE id = 1", arguments: [encrypted])
    }
}
