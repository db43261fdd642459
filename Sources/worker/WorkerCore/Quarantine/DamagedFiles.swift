import DomainModel
import Logging
import Observability
import Registry
import Storage
import Synchronization
import UserStore

/// Notes damaged user files, leaves them alone, and looks again when the operator has put another one there.
///
/// Nothing is ever deleted or replaced: a file that is missing is waited for, and one that looks sound is read whole before
/// its user goes on.
final class DamagedFiles: Sendable {
    /// A new file is left alone until it has not changed for so long: it may still be being copied.
    static let restSeconds = 2

    private let book: QuarantineBook
    private let pool: UserDatabasePool
    private let now: @Sendable () -> Timestamp
    private let logger: Logger
    private let underWay = Mutex<Set<UserID>>([])

    init(
        book: QuarantineBook, pool: UserDatabasePool, now: @escaping @Sendable () -> Timestamp, logger: Logger
    ) {
        self.book = book
        self.pool = pool
        self.now = now
        self.logger = logger
    }

    /// Runs `body` with the user's file; damage that shows is held against the user.
    func withDatabase<Value>(of user: UserID, _ body: (UserDatabase) async throws -> Value) async throws -> Value {
        do {
            return try await pool.withDatabase(of: user, body)
        } catch let error as StorageError where error.isDamage {
            await note(error, of: user)
            throw error
        }
    }

    /// Looks at the file when the pause is over or there is another file. True when it is sound.
    func reexamine(_ record: QuarantineRecord) async -> Bool {
        guard underWay.withLock({ $0.insert(record.user).inserted }) else { return false }
        defer { underWay.withLock { _ = $0.remove(record.user) } }
        guard await isWorthALook(record) else { return false }
        do {
            try await pool.close(record.user)
            let problems = try await pool.withDatabase(of: record.user) { try await $0.integrityProblems() }
            guard let problem = problems.first else {
                await book.lift(record.user)
                return true
            }
            await note(StorageError(.corrupt, problem), of: record.user)
        } catch let error as StorageError where error.isDamage {
            await note(error, of: record.user)
        } catch {
            // Says nothing about the file; the next look may.
            logger.warning(
                "cannot look at a damaged user database",
                metadata: [LogKey.userID: "\(record.user.short)", LogKey.error: "\(error)"])
        }
        return false
    }

    private func isWorthALook(_ record: QuarantineRecord) async -> Bool {
        let path = pool.path(of: record.user)
        let moment = now()
        // Reading an identity does not fail but by there being no file.
        guard let file = try? await Blocking.run({ FileIdentity(path: path) }) else { return false }
        guard !record.evidence.hasSuffix(" \(file)") else { return record.until.map { moment >= $0 } ?? true }
        return Int64(file.changed + Self.restSeconds) * 1_000 <= Timestamp.now.milliseconds
    }

    private func note(_ error: StorageError, of user: UserID) async {
        // The descriptor of the damaged file would outlive its replacement. Cancelled, the pool closes it in its time.
        try? await pool.close(user)
        let path = pool.path(of: user)
        let file = try? await Blocking.run { FileIdentity(path: path) }  // See above.
        let code = error.code == .corrupt ? "SQLITE_CORRUPT" : "SQLITE_NOTADB"
        await book.noteDamage("\(code) \(file.map { "\($0)" } ?? "gone")", of: user)
    }
}

extension QuarantineRecord {
    /// SQLite's name for the damage.
    var damageCode: String { evidence.split(separator: " ").first.map(String.init) ?? "SQLITE_CORRUPT" }
}
