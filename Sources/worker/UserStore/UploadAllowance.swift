package import DomainModel
package import GRDB

/// What TorBox's headers said last about the budget that a kind's creates are of.
package struct UploadAllowance: Sendable, Equatable {
    /// Creates of a whole budget.
    package var limit: Int
    package var remaining: Int
    /// When the budget starts afresh; nil when TorBox did not say.
    package var resetAt: Timestamp?
    /// When it was said.
    package var at: Timestamp

    package init(limit: Int, remaining: Int, resetAt: Timestamp?, at: Timestamp) {
        self.limit = limit
        self.remaining = remaining
        self.resetAt = resetAt
        self.at = at
    }

    /// Whether this is the hour's budget for uncached downloads rather than the minute's for cached ones, which is 300.
    /// Source: torbox-api 4.1.
    package var isHourly: Bool { limit <= 100 }
}

/// Allowances by kind, in the user's file so that they outlive the worker.
package enum UploadAllowanceRepository {
    /// Nil until TorBox has said something about the kind.
    package static func current(_ db: Database, _ asset: AssetType) throws -> UploadAllowance? {
        let statement = try db.cachedStatement(
            sql: "SELECT budget, remaining, reset_ms, said_ms FROM tbx_upload_allowance WHERE type = ?")
        return try Row.fetchOne(statement, arguments: [asset.rawValue]).map { row in
            UploadAllowance(
                limit: row["budget"], remaining: row["remaining"],
                resetAt: (row["reset_ms"] as Int64?).map(Timestamp.init(milliseconds:)),
                at: Timestamp(milliseconds: row["said_ms"]))
        }
    }

    package static func record(_ db: Database, _ asset: AssetType, _ allowance: UploadAllowance) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO tbx_upload_allowance(type, budget, remaining, reset_ms, said_ms) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT(type) DO UPDATE SET budget = excluded.budget, remaining = excluded.remaining,
                    reset_ms = excluded.reset_ms, said_ms = excluded.said_ms
                """
        ).execute(arguments: [
            asset.rawValue, allowance.limit, allowance.remaining, allowance.resetAt?.milliseconds,
            allowance.at.milliseconds,
        ])
    }
}
