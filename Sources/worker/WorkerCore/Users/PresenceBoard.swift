import DomainModel
import Logging
import Observability
import Registry
import Synchronization

/// Who is at a screen, in memory at once and in the registry in batches.
///
/// What a crash loses is at most ``writeSpacingMilliseconds`` of presence, which decides nothing.
final class PresenceBoard: Sendable {
    /// A user counts as online for this long after a sign of life. Source: rest-api 2.8.
    static let onlineMilliseconds: Int64 = 120_000
    /// At most one write a user in this time. Source: rest-api 2.8.
    static let writeSpacingMilliseconds: Int64 = 300_000

    private struct State {
        /// Signs of life of the last ``onlineMilliseconds``, and older ones that are still to be written.
        var seen: [UserID: Timestamp] = [:]
        var unwritten: Set<UserID> = []
        var failures = 0
    }
    private let state = Mutex(State())
    private let users: UserDirectory
    private let registry: any UserRegistry
    private let logger: Logger

    init(users: UserDirectory, registry: any UserRegistry, logger: Logger) {
        self.users = users
        self.registry = registry
        self.logger = logger
    }

    /// Takes in a sign of life.
    func touch(_ user: UserID, at now: Timestamp) {
        guard let record = users[user] else { return }
        let isStale = record.lastSeen.map { now.milliseconds(since: $0) >= Self.writeSpacingMilliseconds } ?? true
        state.withLock { state in
            state.seen[user] = now
            if isStale { state.unwritten.insert(user) }
        }
    }

    func isOnline(_ user: UserID, at now: Timestamp) -> Bool {
        state.withLock { $0.seen[user].map { now.milliseconds(since: $0) <= Self.onlineMilliseconds } ?? false }
    }

    /// The newest sign of life that is known here; nil when there was none of late.
    func lastSeen(of user: UserID) -> Timestamp? { state.withLock { $0.seen[user] } }

    /// Users online.
    func onlineCount(at now: Timestamp) -> Int {
        state.withLock { $0.seen.values.count { now.milliseconds(since: $0) <= Self.onlineMilliseconds } }
    }

    /// Writes what has gathered, and forgets who went away. What cannot be written is kept for the next time.
    func flush(at now: Timestamp) async {
        let batch = state.withLock { state -> [UserID: Timestamp] in
            let batch = state.seen.filter { state.unwritten.contains($0.key) }
            state.unwritten = []
            state.seen = state.seen.filter { now.milliseconds(since: $0.value) <= Self.onlineMilliseconds }
            return batch
        }
        guard !batch.isEmpty else { return }
        do {
            try await registry.touch(lastSeen: batch)
            for (user, time) in batch { users.update(user) { $0.lastSeen = time } }
            let failures = state.withLock { state in
                defer { state.failures = 0 }
                return state.failures
            }
            if failures > 0 { logger.notice("presence written again", metadata: [LogKey.repeated: "\(failures)"]) }
        } catch {
            let isFirst = state.withLock { state in
                state.seen.merge(batch) { newer, _ in newer }
                state.unwritten.formUnion(batch.keys)
                state.failures += 1
                return state.failures == 1
            }
            if isFirst { logger.error("cannot write presence", metadata: [LogKey.error: "\(error)"]) }
        }
    }
}
