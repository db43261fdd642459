import DomainModel
import EntityTags
import NIOCore
import Synchronization
import WireProtocol

/// Keeps the answers to reads of a user's file, until that file is written.
///
/// Own code because it hangs on two facts of ours: this process is the only writer of the file, and ``WriteClock``
/// ticks before a write is acknowledged. The frontend asks for the same lists over and over; with this neither SQLite
/// nor an open file is needed for them.
///
/// Bounded by bytes. Of two generations the older one is dropped when the younger has filled half of the room, and what
/// is asked for moves to the younger one: nearly what least-recently-used would keep, at one look-up each.
final class AnswerCache: Sendable {
    fileprivate struct Key: Hashable {
        var user: UserID
        var operation: String
        var parameters: [String: String]
    }

    fileprivate struct Entry {
        var response: Response
        var written: UInt64
        var made: ContinuousClock.Instant
        var bytes: Int
    }

    fileprivate struct State {
        var young: [Key: Entry] = [:]
        var old: [Key: Entry] = [:]
        var youngBytes = 0
    }

    /// Reads that depend on nothing but the user's file and the parameters.
    static let operations: Set<String> = [
        Operation.listRules, Operation.getRule, Operation.listRuleLogs, Operation.listArchived, Operation.getArchived,
        Operation.listTags, Operation.getTag, Operation.listDownloadTags, Operation.listViews, Operation.getView,
        Operation.listLinks, Operation.listProtected,
    ]
    /// Room for the answers of a worker: 2,000 users' rule lists of 2 kB, several times over.
    static let bytes = 16 << 20
    /// A longer answer is not kept: it would push out hundreds of others.
    static let longest = 128 << 10
    /// An operator may put another file in a user's place while we run; this bounds how long the old one shows.
    static let lifetime: Duration = .seconds(30)
    /// What an entry costs beside its body: key, parameters, table. Estimated from the sizes of the types.
    private static let overhead = 400

    private let state = Mutex(State())
    private let clock: WriteClock
    private let room: Int

    /// - Parameter room: bytes that the kept answers may take.
    init(clock: WriteClock, room: Int = AnswerCache.bytes) {
        self.clock = clock
        self.room = room
    }

    /// The kept answer, or the one that `make` gives.
    func answer(
        _ context: RequestContext, _ make: () async throws -> Response
    ) async throws -> Response {
        let request = context.request
        guard Self.operations.contains(request.operation) else { return try await make() }
        let key = Key(user: context.user, operation: request.operation, parameters: request.parameters)
        let written = clock.now(of: context.user)
        if let kept = look(key, written: written) { return kept }
        let response = try await make()
        keep(response, as: key, written: written)
        return response
    }

    /// Forgets everything: a file may come back changed by another worker.
    func clear() {
        state.withLock { $0 = State() }
    }

    private func look(_ key: Key, written: UInt64) -> Response? {
        state.withLock { state -> Response? in
            let isYoung = state.young[key] != nil
            guard let entry = state.young[key] ?? state.old[key], entry.written == written,
                entry.made.duration(to: .now) < Self.lifetime
            else { return nil }
            if !isYoung { state.insert(entry, key, room) }
            return entry.response
        }
    }

    /// - Parameter written: the clock before the file was read; a write meanwhile makes the answer worthless.
    private func keep(_ response: Response, as key: Key, written: UInt64) {
        guard response.status == 200, case .bytes(let body) = response.body, body.readableBytes <= Self.longest,
            clock.now(of: key.user) == written
        else { return }
        // Made here once, instead of in the gateway each time that the answer is given.
        var response = response
        response.entityTag = EntityTag.of(body)
        let entry = Entry(
            response: response, written: written, made: .now, bytes: body.readableBytes + Self.overhead)
        state.withLock { $0.insert(entry, key, room) }
    }
}

extension AnswerCache.State {
    fileprivate mutating func insert(_ entry: AnswerCache.Entry, _ key: AnswerCache.Key, _ room: Int) {
        if let before = young.updateValue(entry, forKey: key) { youngBytes -= before.bytes }
        youngBytes += entry.bytes
        guard youngBytes > room / 2 else { return }
        old = young
        young = [:]
        youngBytes = 0
    }
}
