import DomainModel
import Foundation
import GRDB
import Registry
import Storage
import UserStore

/// Makes a stock file one of ours, in a copy that gets the file's name only when it is complete. All calls block.
struct UserFileAdoption: Sendable {
    let directory: StockDirectory
    /// Where copies are worked on: the directory that they stay in, unless it is a dry run.
    let workshop: String
    let uploadDirectory: String
    let keys: KeyRing
    let now: Timestamp
    let isDryRun: Bool

    static let draftSuffix = ".adopting"

    func draft(of user: UserID) -> String { "\(workshop)/\(UserFiles.name(of: user))\(Self.draftSuffix)" }

    /// Removes what an interrupted run left half done.
    static func clear(_ workshop: String) throws {
        for name in try PrivateFiles.names(in: workshop) where name.contains(".sqlite\(draftSuffix)") {
            try PrivateFiles.remove("\(workshop)/\(name)")
        }
    }

    /// Leaves the finished copy at ``draft(of:)``; nothing of one that cannot be finished.
    func run(_ user: PlannedUser, from source: String) throws -> UserOutcome {
        let draft = draft(of: user.id)
        PrivateFiles.removeDatabase(draft)
        do {
            var outcome = UserOutcome()
            outcome.sourceBytes = try StockFileCopy.make(of: source, at: draft)
            try convert(draft, user, &outcome)
            return outcome
        } catch {
            PrivateFiles.removeDatabase(draft)
            throw StorageError(error, while: "adopt the file of user \(user.source.short)")
        }
    }

    private func convert(_ draft: String, _ user: PlannedUser, _ outcome: inout UserOutcome) throws {
        var configuration = Configuration()
        // The first version did not enforce them, and wrote accordingly.
        configuration.foreignKeysEnabled = false
        let queue = try DatabaseQueue(path: draft, configuration: configuration)
        let (level, ended) = try queue.inDatabase { db in
            // Takes the journal's content in. From here on the copy is ours alone, and is thrown away when we are interrupted.
            try db.execute(sql: "PRAGMA journal_mode = DELETE")
            try db.execute(sql: "PRAGMA journal_mode = MEMORY")
            try db.execute(sql: "PRAGMA synchronous = OFF")
            try StockUserFile.check(db)
            return (try StockLevel(db), try StockRuleRepository.januaryEnded(db))
        }
        let before = try queue.inDatabase(StockUserFile.rowCounts)
        let repairs = try queue.write { db in try StockUserFile.raise(db) }
        try queue.inDatabase { db in try db.execute(sql: "PRAGMA foreign_keys = ON") }
        let kind = DatabaseKind.user(user.id)
        try kind.migrator.migrate(queue, kind: kind, now: now)
        var result = outcome
        result.findings += Self.findings(repairs, of: user.id)
        try queue.write { db in
            let untouched = try StockUserFile.rowCounts(db)
            try Self.compare(before, untouched, repairs.removed)
            let rules = StockRuleAdoption(user: user.id, level: level, januaryEnded: ended, now: now)
            try rules.run(db, &result)
            try renewSecret(db, user.id, &result)
            let uploads = StockUploadAdoption(
                user: user, directory: directory, root: uploadDirectory, isDryRun: isDryRun)
            try uploads.run(db, &result)
            result.rows = try StockUserFile.rowCounts(db)
        }
        try queue.inDatabase { db in try db.execute(sql: "PRAGMA journal_mode = WAL") }
        try queue.close()
        outcome = result
    }

    /// Every row that was there is there, but for those that were removed on purpose.
    private static func compare(_ before: [String: Int], _ after: [String: Int], _ removed: [String: Int]) throws {
        for (table, count) in before where after[table] != count - (removed[table] ?? 0) {
            throw StorageError(
                .other,
                "\(table) had \(count) rows and has \(after[table] ?? 0), with \(removed[table] ?? 0) removed on purpose; "
                    + "this is a bug, nothing was adopted of this user")
        }
    }

    private func renewSecret(_ db: Database, _ user: UserID, _ outcome: inout UserOutcome) throws {
        guard let stored = try StockSecrets.movieKey(db) else { return }
        do {
            guard case .renewed(let text) = try keys.renewal(of: stored) else { return }
            try StockSecrets.setMovieKey(db, text)
        } catch let error as KeyCipherError {
            outcome.findings.append(AdoptionFinding(.secretUnreadable, of: user, "tmdb_credentials: \(error.message)"))
        }
    }

    private static func findings(_ repairs: StockRepairs, of user: UserID) -> [AdoptionFinding] {
        var findings: [AdoptionFinding] = []
        func add(_ kind: AdoptionFindingKind, _ text: String) {
            findings.append(AdoptionFinding(kind, of: user, text))
        }
        for (table, count) in repairs.removed.sorted(by: { $0.key < $1.key }) {
            add(.rowsRemoved, "\(table): \(count)")
        }
        if !repairs.differingArchives.isEmpty { add(.archivesDiffer, sample(repairs.differingArchives)) }
        if repairs.wholeIDs > 0 { add(.idsWhole, "\(repairs.wholeIDs) rows") }
        for (column, ids) in repairs.textIDs.sorted(by: { $0.key < $1.key }) {
            add(.idsText, "\(column): \(sample(ids))")
        }
        if repairs.respelledTimes > 0 { add(.timesRespelled, "\(repairs.respelledTimes) rows") }
        for (column, count) in repairs.unreadableTimes.sorted(by: { $0.key < $1.key }) {
            add(.timesUnreadable, "\(column): \(count) rows")
        }
        if repairs.logOfGoneRules > 0 { add(.logOfGoneRules, "\(repairs.logOfGoneRules) rows") }
        return findings
    }

    private static func sample(_ ids: [String]) -> String {
        let shown = ids.prefix(5).map { "\"\($0.prefix(40))\"" }.joined(separator: ", ")
        return ids.count > 5 ? "\(shown) and \(ids.count - 5) more" : shown
    }
}
