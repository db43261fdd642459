package import DomainModel
import GRDB

extension SQLiteRegistry {
    package func quarantines(in slots: ClosedRange<Slot>) async throws -> [QuarantineRecord] {
        try await read { db in
            let sql = """
                SELECT auth_id, cause, incidents, last_incident_ms, until_ms, operations, evidence
                FROM tbx_quarantine WHERE auth_id >= ? AND auth_id < ?
                """
            return try Row.fetchAll(db.cachedStatement(sql: sql), arguments: Self.bounds(slots))
                .compactMap(QuarantineRecord.init(positional:))
        }
    }

    package func quarantine(_ records: [QuarantineRecord]) async throws {
        guard !records.isEmpty else { return }
        try await write { db in
            // The EXISTS keeps one removed user from undoing the whole batch by its foreign key.
            let statement = try db.cachedStatement(
                sql: """
                    INSERT INTO tbx_quarantine(
                        auth_id, cause, incidents, last_incident_ms, until_ms, operations, evidence)
                    SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7 WHERE EXISTS (SELECT 1 FROM user_registry WHERE auth_id = ?1)
                    ON CONFLICT(auth_id) DO UPDATE SET cause = excluded.cause, incidents = excluded.incidents,
                        last_incident_ms = excluded.last_incident_ms, until_ms = excluded.until_ms,
                        operations = excluded.operations,
                        evidence = excluded.evidence
                    """)
            for record in records {
                try statement.execute(arguments: [
                    record.user.hex, record.cause.rawValue, record.incidents, record.lastIncident.milliseconds,
                    record.until?.milliseconds, record.operations.sorted().joined(separator: ","), record.evidence,
                ])
            }
        }
    }

    package func liftQuarantine(of user: UserID) async throws {
        try await write { db in
            try db.execute(sql: "DELETE FROM tbx_quarantine WHERE auth_id = ?", arguments: [user.hex])
        }
    }
}

extension QuarantineRecord {
    /// Nil for a row that this version does not understand: then nothing is held against the user.
    fileprivate init?(positional row: Row) {
        guard let user = UserID(row[0] as String), let cause = Cause(rawValue: row[1]) else { return nil }
        self.init(
            user: user, cause: cause, incidents: row[2], lastIncident: Timestamp(milliseconds: row[3]),
            until: (row[4] as Int64?).map { Timestamp(milliseconds: $0) },
            operations: Set((row[5] as String).split(separator: ",").map(String.init)), evidence: row[6])
    }
}
