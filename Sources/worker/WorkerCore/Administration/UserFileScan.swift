import DomainModel
import Logging
import Registry
import Storage
import UserStore

/// Looks into many users' files, a few at a time.
struct UserFileScan: Sendable {
    let users: UserAccess
    let concurrency: Int

    /// What a scan could not look into.
    struct Gaps: Sendable, Equatable {
        /// Users without a file; a look does not make one.
        var absent = 0
        /// Users whose file cannot be read.
        var unreadable = 0
    }

    /// Runs `look` on the file of each of `records` and hands what it found to `take`, in no order. One user's damaged file
    /// hides nobody else's.
    func run<Found: Sendable>(
        _ records: [RegisteredUser],
        _ look: @escaping @Sendable (UserDatabase.Connection) throws -> Found,
        take: (RegisteredUser, Found) async throws -> Void
    ) async throws -> Gaps {
        var gaps = Gaps()
        try await withThrowingTaskGroup(of: (RegisteredUser, Outcome<Found>).self) { group in
            var rest = records.makeIterator()
            func startNext() -> Bool {
                guard let record = rest.next() else { return false }
                group.addTask { (record, try await outcome(record.id, look)) }
                return true
            }
            for _ in 0..<concurrency where !startNext() { break }
            while let (record, outcome) = try await group.next() {
                switch outcome {
                case .found(let found): try await take(record, found)
                case .absent: gaps.absent += 1
                case .unreadable: gaps.unreadable += 1
                }
                _ = startNext()
            }
        }
        return gaps
    }

    private enum Outcome<Found: Sendable>: Sendable {
        case found(Found)
        case absent, unreadable
    }

    private func outcome<Found: Sendable>(
        _ user: UserID, _ look: @escaping @Sendable (UserDatabase.Connection) throws -> Found
    ) async throws -> Outcome<Found> {
        guard users.pool.fileExists(for: user) else { return .absent }
        do {
            return .found(try await users.read(user, look))
        } catch is StorageError {
            // Its own polls and requests report it; here it only counts.
            return .unreadable
        }
    }
}
