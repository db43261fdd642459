import Crypto
import DomainModel
import Foundation
import GRDB
import Registry

/// A stock data directory, made anew from the notes on how that backend stores things, with every oddity that they know.
package struct StockFixture: Sendable {
    package static let masterKey = "fixture-master-secret-0123456789"
    /// The first version knew no salt.
    package static let salt = "fixture-salt"

    package let directory: String
    package let schema: StockSchema
    package private(set) var users: [FixtureUser] = []
    /// Rows of the registry.
    package private(set) var registrations = 0

    private let bulk: Int
    private let ciphers: Ciphers

    private struct Ciphers {
        let usual = try? KeyCipher(key: StockFixture.masterKey, salt: StockFixture.salt)
        let unsalted = try? KeyCipher(key: StockFixture.masterKey)
        let standard = try? KeyCipher.publicDefault()
        let foreign = try? KeyCipher(key: "somebody else's master key")
    }

    /// Makes the directory.
    ///
    /// - Parameters:
    ///   - oddities: one for each user, over and over.
    ///   - bulk: rows of history for each user beyond the usual few; 650 make a file of some 200 KiB.
    ///   - progress: told after each user.
    package init(
        at directory: String, schema: StockSchema, users count: Int, oddities: [StockOddity] = StockOddity.allCases,
        bulk: Int = 0, progress: (Int) -> Void = { _ in }
    ) throws {
        self.directory = directory
        self.schema = schema
        self.bulk = bulk
        ciphers = Ciphers()
        for folder in ["users", "uploads", "templates"] {
            try FileManager.default.createDirectory(
                atPath: "\(directory)/\(folder)", withIntermediateDirectories: true)
        }
        let master = try Self.database("\(directory)/master.db", StockSchema.master, level: schema.masterLevel)
        for number in 0..<count {
            for user in people(number, oddities[number % oddities.count]) {
                users.append(try master.write { db in try add(user, db) })
            }
            progress(number + 1)
        }
        try master.close()
        try FileManager.default.removeItem(atPath: "\(directory)/templates")
    }

    /// The API key of a user, printable as a header must be.
    package static func apiKey(_ number: Int) -> String { "stock-fixture-key-\(100_000_000 + number)" }

    package static func id(of apiKey: String) -> String { hex(SHA256.hash(data: Array(apiKey.utf8))) }

    private static func hex(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { String(format: "%02x", $0) }.joined()
    }

    private func people(_ number: Int, _ oddity: StockOddity) -> [FixtureUser] {
        let key = Self.apiKey(number)
        let id = Self.id(of: key)
        let isKeyed = oddity == .keyedID || oddity == .keyedIDTaken
        let keyed = Self.hex(
            HMAC<SHA256>.authenticationCode(for: Array(key.utf8), using: SymmetricKey(data: Array("of one day".utf8))))
        let user = FixtureUser(
            number: number, oddity: oddity, apiKey: key, stockID: isKeyed ? keyed : id,
            id: oddity == .keyedIDTaken ? keyed : id)
        guard oddity == .keyedIDTaken else { return [user] }
        return [user, FixtureUser(number: number, oddity: .plain, apiKey: key, stockID: id, id: id)]
    }

    // MARK: One user

    private mutating func add(_ person: FixtureUser, _ db: Database) throws -> FixtureUser {
        var user = person
        var findings: Set<String> = []
        switch user.oddity {
        case .foreignKey, .malformedKey: (user.fate, findings) = (.fileOnly, ["key-unreadable"])
        case .noKey: (user.fate, findings) = (.fileOnly, ["key-missing"])
        case .unregistered: (user.fate, findings) = (.fileOnly, ["file-unregistered"])
        case .strayKey: user.fate = .nothing
        case .damaged: user.fate = .refused("file-refused")
        case .keyedIDTaken: user.fate = .refused("id-taken")
        case .keyedID: findings = ["id-corrected"]
        case .noFile: findings = ["file-missing"]
        case .flagsDiffer: (user.isActive, findings) = (false, ["flags-differ"])
        case .inactive: user.isActive = false
        default: break
        }
        let sealed = try seal(user)
        if user.fate == .adopted && sealed.isRenewed { findings.insert("key-renewed") }
        if user.oddity != .noFile && user.oddity != .strayKey {
            let path = "\(directory)/users/user_\(user.stockID).sqlite"
            user.expectation = try write(user, at: path)
            user.file = path
        }
        user.expectation.findings.formUnion(findings)
        if case .refused(let kind) = user.fate { user.expectation.findings = [kind] }
        try register(user, sealed.text, db)
        return user
    }

    private func seal(_ user: FixtureUser) throws -> (text: String, isRenewed: Bool) {
        let usual = schema == .january ? ciphers.unsalted : ciphers.usual
        let cipher =
            switch user.oddity {
            case .publicKey: ciphers.standard
            case .unsaltedKey: ciphers.unsalted
            case .foreignKey: ciphers.foreign
            default: usual
            }
        guard let cipher else { throw CocoaError(.featureUnsupported) }
        if user.oddity == .malformedKey { return ("not:a:key", false) }
        let isUsual = schema != .january && ![.publicKey, .unsaltedKey].contains(user.oddity)
        return (try cipher.encrypt(.init(user.apiKey)), !isUsual)
    }

    private mutating func register(_ user: FixtureUser, _ key: String, _ db: Database) throws {
        let stored = user.oddity == .relativePath ? "./data/users" : "/app/data/users"
        if user.oddity != .unregistered && user.oddity != .strayKey {
            registrations += 1
            // The first version wrote times with a zone; the strange ones were seen, too.
            let due = ["2026-02-01T10:00:00.000Z", "2026-02-01 10:00:00", ""][user.number % 3]
            try db.execute(
                sql: """
                    INSERT INTO user_registry(auth_id, db_path, status, has_active_rules, non_terminal_torrent_count,
                        next_poll_at, created_at, updated_at)
                    VALUES (?, ?, ?, 0, 4, ?, '2026-01-15 08:00:00', '2026-01-16 08:00:00')
                    """,
                arguments: [
                    user.stockID, "\(stored)/user_\(user.stockID).sqlite", user.isActive ? "active" : "inactive", due,
                ])
            if schema == .newest {
                try db.execute(
                    sql: """
                        UPDATE user_registry SET next_upload_attempt_at = '0000-00-00 00:00:00', upload_tier = 'unlimited',
                            upload_retained_file_count = 2, upload_retained_storage_bytes = 5000000000,
                            last_seen_at = '2026-05-01 10:00:00' WHERE auth_id = ?
                        """, arguments: [user.stockID])
            }
        }
        if user.oddity != .noKey && user.oddity != .unregistered {
            let isActive = user.isActive || user.oddity == .flagsDiffer
            try db.execute(
                sql: "INSERT INTO api_keys(auth_id, encrypted_key, key_name, is_active) VALUES (?, ?, ?, ?)",
                arguments: [user.stockID, key, "key \(user.number)", isActive])
        }
        if user.oddity == .pendingActions && schema != .january {
            try db.execute(
                sql: "INSERT INTO pending_actions(auth_id, payload, rule_id) VALUES (?, '{}', 1)",
                arguments: [user.stockID])
        }
    }

    private func write(_ user: FixtureUser, at path: String) throws -> FileExpectation {
        let level = user.oddity == .leftBehind ? 5 : schema.userLevel
        guard user.oddity != .empty else {
            try Data().write(to: URL(fileURLWithPath: path))
            return FileExpectation()
        }
        guard let standard = ciphers.standard else { throw CocoaError(.featureUnsupported) }
        var file = FixtureFile(user: user, level: level, bulk: bulk, secret: try standard.encrypt(.init("tmdb")))
        let working = user.oddity == .journal ? "\(directory)/templates/working.db" : path
        try FileManager.default.copyItem(atPath: try template(level), toPath: working)
        let queue = try Self.open(working)
        try queue.write { db in try file.fill(db) }
        if user.oddity == .journal {
            // As a process leaves them that is killed: nothing of it is in the main file yet.
            for suffix in ["", "-wal"] {
                try FileManager.default.copyItem(atPath: working + suffix, toPath: path + suffix)
            }
        }
        try queue.close()
        if user.oddity == .journal { try FileManager.default.removeItem(atPath: working) }
        if user.oddity == .damaged {
            let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
            try handle.write(contentsOf: Data(repeating: 0x5a, count: 200))
            try handle.close()
        }
        for (relative, content) in file.uploads {
            let place = URL(fileURLWithPath: "\(directory)/uploads/\(relative)")
            try FileManager.default.createDirectory(
                at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(content.utf8).write(to: place)
        }
        return file.expectation
    }

    // MARK: Databases

    /// An empty file of that level, made once.
    private func template(_ level: Int) throws -> String {
        let path = "\(directory)/templates/user-\(level).db"
        if !FileManager.default.fileExists(atPath: path) {
            try Self.database(path, StockSchema.user, level: level).close()
        }
        return path
    }

    private static func open(_ path: String) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA journal_mode = WAL")
            try db.execute(sql: "PRAGMA synchronous = OFF")
            try db.execute(sql: "PRAGMA wal_autocheckpoint = 0")
        }
        return try DatabaseQueue(path: path, configuration: configuration)
    }

    private static func database(_ path: String, _ steps: [StockSchema.Step], level: Int) throws -> DatabaseQueue {
        let queue = try open(path)
        try queue.write { db in
            for step in steps where step.number <= level {
                try db.execute(sql: step.sql)
                let padded = String(format: "%03d", step.number)
                try db.execute(
                    sql:
                        "INSERT INTO schema_migrations(version, name, applied_at) VALUES (?, ?, '2026-01-15 08:00:00')",
                    arguments: [padded, step.name])
            }
        }
        return queue
    }
}
