package import DomainModel

extension PostgresRegistry {
    package func quarantines(in slots: ClosedRange<Slot>) async throws -> [QuarantineRecord] {
        try await pool.run("read who is quarantined") { session in
            let rows = try session.query(
                """
                SELECT auth_id, cause, incidents, last_incident_ms, until_ms, operations, evidence
                FROM tbx_quarantine r WHERE \(Self.inSlots)
                """, Self.bounds(slots))
            return (0..<rows.count).compactMap { QuarantineRecord(rows, $0) }
        }
    }

    package func quarantine(_ records: [QuarantineRecord]) async throws {
        guard !records.isEmpty else { return }
        try await pool.run("write who is quarantined") { session in
            try session.transaction {
                for record in records {
                    try session.query(Self.writeQuarantine, record.arguments)
                }
            }
        }
    }

    package func liftQuarantine(of user: UserID) async throws {
        try await pool.run("lift the quarantine of user \(user.short)", for: user) { session in
            _ = try session.query("DELETE FROM tbx_quarantine WHERE auth_id = $1", [user.hex])
        }
    }

    /// The EXISTS keeps one removed user from undoing the whole batch by its foreign key.
    private static let writeQuarantine = """
        INSERT INTO tbx_quarantine(auth_id, cause, incidents, last_incident_ms, until_ms, operations, evidence)
        SELECT $1::text, $2::text, $3::bigint, $4::bigint, $5::bigint, $6::text, $7::text
        WHERE EXISTS (SELECT 1 FROM user_registry WHERE auth_id = $1::text)
        ON CONFLICT(auth_id) DO UPDATE SET cause = excluded.cause, incidents = excluded.incidents,
            last_incident_ms = excluded.last_incident_ms, until_ms = excluded.until_ms,
            operations = excluded.operations, evidence = excluded.evidence
        """
}

extension QuarantineRecord {
    fileprivate var arguments: [String?] {
        [
            user.hex, cause.rawValue, String(incidents), PostgresText.time(lastIncident), PostgresText.time(until),
            operations.sorted().joined(separator: ","), evidence,
        ]
    }

    /// Nil for a row that this version does not understand: then nothing is held against the user.
    fileprivate init?(_ rows: PostgresRows, _ row: Int) {
        guard let user = rows.text(row, 0).flatMap({ UserID($0) }),
            let cause = rows.text(row, 1).flatMap({ Cause(rawValue: $0) }), let incidents = rows.integer(row, 2),
            let last = rows.integer(row, 3)
        else { return nil }
        self.init(
            user: user, cause: cause, incidents: Int(incidents), lastIncident: Timestamp(milliseconds: last),
            until: rows.integer(row, 4).map { Timestamp(milliseconds: $0) },
            operations: Set((rows.text(row, 5) ?? "").split(separator: ",").map(String.init)),
            evidence: rows.text(row, 6) ?? "")
    }
}
