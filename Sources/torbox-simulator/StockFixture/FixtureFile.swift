import Foundation
import GRDB

/// Writes one user's file as a version of the stock backend would have left it.
struct FixtureFile {
    let user: FixtureUser
    /// Of the file, which may be behind the registry's.
    let level: Int
    /// Rows of history beyond the usual few, for files of a realistic size.
    let bulk: Int
    let secret: String
    private(set) var expectation = FileExpectation()
    /// Upload files by path relative to the storage root.
    private(set) var uploads: [String: String] = [:]
    private var ruleCount: Int64 = 0

    init(user: FixtureUser, level: Int, bulk: Int, secret: String) {
        self.user = user
        self.level = level
        self.bulk = bulk
        self.secret = secret
    }

    /// Whether only the first version ever opened it, as far as the file shows.
    private var isJanuary: Bool { level <= 5 && user.oddity != .wrongMarks && user.oddity != .unmarked }

    /// In one transaction on a file of this level.
    mutating func fill(_ db: Database) throws {
        for rule in FixtureRule.usual(isFlat: level <= 5) { try add(rule, db) }
        if user.oddity == .oddRules {
            let rules = level <= 5 ? FixtureRule.january : level < 25 ? FixtureRule.between : FixtureRule.newest
            for rule in rules { try add(rule, db) }
        }
        try history(db)
        if level >= 6 { try later(db) }
        if level >= 11 { try addUploads(db) }
        if level >= 20 { try newest(db) }
        try peculiar(db)
    }

    private mutating func add(_ rule: FixtureRule, _ db: Database) throws {
        ruleCount += 1
        let id = ruleCount
        try db.execute(
            sql: """
                INSERT INTO automation_rules(name, enabled, trigger_config, conditions, action_config, metadata,
                    cooldown_minutes, last_executed_at, execution_count, created_at, updated_at)
                VALUES (?, \(rule.enabled), ?, ?, ?, '{"createdAt":1767225600000}', ?, '2026-02-01 10:00:00', 3,
                    '2026-01-20 09:00:00', '2026-01-21 09:00:00')
                """, arguments: [rule.name, rule.trigger, rule.conditions, rule.action, rule.cooldown])
        func change(_ column: String, _ value: String?) {
            expectation.changed[.init("automation_rules", id, column)] = value.map(FileExpectation.quoted)
        }
        if let conditions = rule.newConditions { change("conditions", conditions) }
        if let trigger = rule.newTrigger { change("trigger_config", trigger) }
        if rule.cooldown > 0 { expectation.changed[.init("automation_rules", id, "cooldown_minutes")] = "0" }
        if let off = rule.off {
            expectation.changed[.init("automation_rules", id, "enabled")] = "0"
            expectation.changed[.init("automation_rules", id, "updated_at")] = .some(nil)
            expectation.switchedOff[id] = off
        }
        let logged = (rule.isConverted ? 1 : 0) + (rule.off == nil ? 0 : 1)
        if logged > 0 { expectation.logged[id] = logged }
        var findings = rule.findings
        if isJanuary, rule.newTrigger == nil { findings.insert("rule-pace") }
        if !findings.isEmpty { expectation.ruleFindings[id] = findings }
    }

    private func history(_ db: Database) throws {
        try db.execute(
            sql: """
                INSERT INTO rule_execution_log(rule_id, rule_name, execution_type, items_processed, success, error_message, executed_at)
                VALUES (1, 'stop above 2', 'execution', 2, 1, NULL, '2026-02-01 10:00:00'),
                    (2, 'it''s old', 'execution', 0, 0, '1 failed', '2026-02-01 11:00:00');
                INSERT INTO torrent_shadow(torrent_id, last_total_downloaded, last_total_uploaded, last_state)
                VALUES ('101', 5000000000, 7, 'seeding'), ('102', 0, 0, 'downloading'), ('103', 12, 1, 'stalled');
                INSERT INTO torrent_telemetry(torrent_id, last_upload_activity_at, stalled_since)
                VALUES ('101', '2026-02-01T10:00:00.000Z', NULL), ('103', NULL, '2026-02-01 10:00:00');
                INSERT INTO archived_downloads(torrent_id, hash, tracker, name, archived_at)
                VALUES ('101', 'aa01', NULL, 'one', '2026-01-25 10:00:00'),
                    ('102', 'aa02', 'udp://tracker', 'two ünïcödé', '2026-01-26 10:00:00'),
                    ('103', 'aa03', NULL, NULL, '2026-01-27 10:00:00');
                """)
        try db.execute(
            sql: """
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
                INSERT INTO speed_history(torrent_id, timestamp, total_downloaded, total_uploaded)
                SELECT '10' || (1 + i % 3), strftime('%Y-%m-%dT%H:%M:%fZ', 1769900000 + i * 60, 'unixepoch'), i * 1000000, i FROM n
                """, arguments: [6 + bulk])
        guard bulk > 0 else { return }
        try db.execute(
            sql: """
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
                INSERT INTO archived_downloads(torrent_id, hash, tracker, name, archived_at)
                SELECT CAST(1000 + i AS TEXT), printf('%040x', i), 'udp://tracker.example/announce', 'Some release ' || i,
                    strftime('%Y-%m-%d %H:%M:%S', 1769900000 + i * 600, 'unixepoch') FROM n
                """, arguments: [bulk / 4])
        try db.execute(
            sql: """
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
                INSERT INTO rule_execution_log(rule_id, rule_name, execution_type, items_processed, executed_at)
                SELECT 1, 'stop above 2', 'execution', i % 5, strftime('%Y-%m-%d %H:%M:%S', 1769900000 + i * 60, 'unixepoch') FROM n
                """, arguments: [bulk])
    }

    /// What came with views, tags, uploads and links.
    private mutating func later(_ db: Database) throws {
        try db.execute(
            sql: """
                INSERT INTO custom_views(name, filters, sort_field, visible_columns, created_at)
                VALUES ('first', '{"old":true}', 'name', '["name","size"]', '2026-02-01 10:00:00'),
                    ('second', '[]', NULL, NULL, '2026-02-02 10:00:00');
                INSERT INTO tags(name) VALUES ('keep'), ('Ärger');
                INSERT INTO download_tags(tag_id, download_id) VALUES (1, '101'), (2, '101'), (2, '102');
                """)
        guard level >= 13 else { return }
        try db.execute(
            sql: """
                INSERT INTO link_history(item_id, file_id, url, asset_type, item_name, generated_at)
                VALUES ('101', '0', 'https://cdn.example/a', 'torrent', 'one', '2026-03-01T10:00:00.000Z'),
                    ('102', NULL, 'https://cdn.example/b', 'usenet', NULL, '2026-03-01 09:00:00');
                """)
        expectation.changed[.init("link_history", 1, "generated_at")] = "'2026-03-01 10:00:00'"
        expectation.findings.insert("times-respelled")
    }

    private mutating func addUploads(_ db: Database) throws {
        try db.execute(
            sql: """
                INSERT INTO uploads(type, upload_type, url, name, status, queue_order, next_attempt_at, completed_at)
                VALUES ('torrent', 'magnet', 'magnet:?xt=urn:btih:aa', 'done', 'completed', 0, NULL, '2026-03-01 10:00:00');
                INSERT INTO upload_attempts(upload_id, type, status_code, success, attempted_at)
                VALUES (1, 'torrent', 200, 1, '2026-03-01 10:00:00'), (NULL, 'usenet', 500, 0, '2026-03-01 10:01:00');
                """)
        if user.oddity == .keyedID {
            try addFile("moved_1767225600000_a.torrent", "d4:name5:movede", db)
        }
        guard user.oddity == .uploads else { return }
        try addFile("a_1767225600000_a.torrent", "d4:name1:ae", db)
        try addFile("b_1767225600000_b.torrent", "d4:name1:be", root: "/app/data/uploads/", db)
        let folder = "user_\(user.stockID)/torrent"
        try db.execute(
            sql: """
                INSERT INTO uploads(type, upload_type, file_path, name, status, next_attempt_at, file_deleted)
                VALUES ('torrent', 'file', ?, 'missing', 'queued', '0000-00-00 00:00:00', 0),
                    ('torrent', 'file', ?, 'long gone', 'completed', NULL, 1),
                    ('torrent', 'file', '/etc/hostname', 'foreign', 'failed', '0', 0),
                    ('torrent', 'magnet', NULL, 'under way', 'processing', NULL, 0)
                """, arguments: ["\(folder)/missing.torrent", "\(folder)/gone.torrent"])
        expectation.findings.formUnion(["upload-file-missing", "upload-path-foreign", "uploads-interrupted"])
    }

    private mutating func addFile(_ name: String, _ content: String, root: String = "", _ db: Database) throws {
        let (old, new) = ("user_\(user.stockID)/torrent/\(name)", "user_\(user.id)/torrent/\(name)")
        try db.execute(
            sql:
                "INSERT INTO uploads(type, upload_type, file_path, name, status) VALUES ('torrent', 'file', ?, ?, 'queued')",
            arguments: [root + old, name])
        uploads[old] = content
        expectation.uploads[new] = content
        if root + old != new {
            expectation.changed[.init("uploads", db.lastInsertedRowID, "file_path")] = FileExpectation.quoted(new)
        }
    }

    private mutating func newest(_ db: Database) throws {
        try db.execute(
            sql: "INSERT INTO protected_downloads(download_id, protected_at) VALUES ('101', '2026-04-01 10:00:00')")
        guard level >= 25 else { return }
        try db.execute(
            sql: """
                INSERT INTO stremio_addons(addon_id, manifest_url, name, manifest_json, resources_json, types_json, id_prefixes_json)
                VALUES ('a', 'https://addon.example/manifest.json', 'Addon', '{}', '[]', '[]', '[]')
                """)
        guard user.oddity == .secret else { return }
        try db.execute(sql: "INSERT INTO tmdb_credentials(id, encrypted_api_key) VALUES (1, ?)", arguments: [secret])
        expectation.changed[.init("tmdb_credentials", 1, "encrypted_api_key")] = .some(nil)
    }

    private mutating func peculiar(_ db: Database) throws {
        switch user.oddity {
        case .orphans:
            try db.execute(
                sql: """
                    INSERT INTO rule_execution_log(rule_id, rule_name, execution_type) VALUES (9999, 'gone', 'execution');
                    INSERT INTO torrent_telemetry(torrent_id) VALUES ('gone');
                    INSERT INTO speed_history(id, torrent_id, total_downloaded, total_uploaded) VALUES (1000000, 'gone', 1, 1);
                    """)
            expectation.removed["torrent_telemetry"] = [3]
            expectation.removed["speed_history"] = [1_000_000]
            if level >= 8 {
                try db.execute(sql: "INSERT INTO download_tags(tag_id, download_id) VALUES (999, '101')")
                expectation.removed["download_tags"] = [4]
            }
            expectation.findings.formUnion(["rows-removed", "log-of-gone-rules"])
        case .duplicateArchives: try duplicates(db)
        case .oddIDs: try oddIDs(db)
        case .oddTimes:
            try db.execute(
                sql: """
                    INSERT INTO archived_downloads(id, torrent_id, hash, archived_at)
                    VALUES (9001, '201', 'bb1', '2026-03-01T10:00:00.123Z'), (9002, '202', 'bb2', '2026-03-01 10:00:00+02:00'),
                        (9003, '203', 'bb3', 'yesterday')
                    """)
            expectation.changed[.init("archived_downloads", 9001, "archived_at")] = "'2026-03-01 10:00:00'"
            expectation.changed[.init("archived_downloads", 9002, "archived_at")] = "'2026-03-01 08:00:00'"
            expectation.findings.formUnion(["times-respelled", "times-unreadable"])
        case .wrongMarks:
            try db.execute(
                sql: "INSERT OR IGNORE INTO schema_migrations(version, name) VALUES ('025', 'tmdb_credentials_schema')")
            try db.execute(sql: "UPDATE schema_migrations SET version = ltrim(version, '0') WHERE version <> '000'")
        case .unmarked:
            if level < 9 {
                try db.execute(sql: "ALTER TABLE automation_rules ADD COLUMN last_evaluated_at DATETIME")
            } else if level < 25 {
                try db.execute(
                    sql: #"ALTER TABLE automation_rules ADD COLUMN asset_types TEXT NOT NULL DEFAULT '["torrent"]'"#)
            } else {
                try db.execute(sql: "DELETE FROM schema_migrations WHERE version = '025'")
            }
        default: break
        }
    }

    private mutating func duplicates(_ db: Database) throws {
        try db.execute(
            sql: """
                INSERT INTO archived_downloads(id, torrent_id, hash, archived_at)
                VALUES (9002, '102.0', 'ffff', '2026-01-02 10:00:00')
                """)
        expectation.removed["archived_downloads"] = [9002]
        expectation.findings.formUnion(["rows-removed", "ids-whole", "archives-differ"])
        guard level < 14 else { return }
        try db.execute(
            sql:
                "INSERT INTO archived_downloads(id, torrent_id, hash, archived_at) VALUES (9001, '101', 'AA01', '2026-02-25 10:00:00')"
        )
        expectation.removed["archived_downloads"]?.insert(1)
    }

    private mutating func oddIDs(_ db: Database) throws {
        try db.execute(
            sql:
                "INSERT INTO archived_downloads(id, torrent_id, hash) VALUES (9001, '104.0', 'cc1'), (9002, 'abc', 'cc2')"
        )
        expectation.changed[.init("archived_downloads", 9001, "torrent_id")] = "'104'"
        expectation.findings.formUnion(["ids-whole", "ids-text"])
        guard level >= 20 else { return }
        try db.execute(
            sql: """
                INSERT INTO download_tags(id, tag_id, download_id) VALUES (9001, 1, '7.0'), (9002, 1, '101.0');
                INSERT INTO protected_downloads(rowid, download_id, protected_at) VALUES (9001, '1.0e+15', '2026-04-01 10:00:00');
                """)
        expectation.changed[.init("download_tags", 9001, "download_id")] = "'7'"
        // The same tag is on the other spelling of the number.
        expectation.removed["download_tags"] = [9002]
        expectation.changed[.init("protected_downloads", 9001, "download_id")] = "'1000000000000000'"
        expectation.findings.insert("rows-removed")
    }
}
