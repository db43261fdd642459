import DomainModel
import Registry
import TorBoxClient

/// Whether TorBox works for us, for a route that everybody may ask: what polls saw lately counts, and a call of our own
/// is made at most once a minute, however many ask.
actor TorBoxProbe {
    struct Verdict: Sendable, Equatable {
        enum Status: String, Sendable {
            case healthy, unhealthy
            /// There are keys, but the one that was tried is refused.
            case configured
            case notConfigured = "not_configured"
        }
        var status: Status
        var message: String
    }

    /// A successful poll this recent needs no proof.
    static let evidenceMilliseconds: Int64 = 300_000
    /// Between two calls.
    static let spacingMilliseconds: Int64 = 60_000
    /// The longest wait for TorBox's answer; the frontend waits 10 s for the whole.
    static let limit: Duration = .seconds(4)

    private let users: UserAccess
    private let client: TorBoxClient
    private var last: (verdict: Verdict, at: Timestamp)?
    private var running: Task<Verdict, Never>?

    init(users: UserAccess, client: TorBoxClient) {
        self.users = users
        self.client = client
    }

    func verdict() async -> Verdict {
        let now = users.now()
        if client.outage.isPaused { return Verdict(status: .unhealthy, message: "TorBox is unreachable") }
        let active = users.directory.all.filter(\.isActive)
        guard let best = active.max(by: { ($0.lastSuccess?.milliseconds ?? 0) < ($1.lastSuccess?.milliseconds ?? 0) })
        else { return Verdict(status: .notConfigured, message: "No user is registered") }
        if let success = best.lastSuccess, now.milliseconds(since: success) <= Self.evidenceMilliseconds {
            return Verdict(status: .healthy, message: "A poll has succeeded within the last five minutes")
        }
        if let last, now.milliseconds(since: last.at) < Self.spacingMilliseconds { return last.verdict }
        if let running { return await running.value }
        let (users, client) = (users, client)
        // Unstructured because all who ask meanwhile share it. Ended by its own time limit.
        let task = Task { await Self.ask(best.id, users, client) }
        running = task
        let verdict = await task.value
        running = nil
        last = (verdict, now)
        return verdict
    }

    private static func ask(_ user: UserID, _ users: UserAccess, _ client: TorBoxClient) async -> Verdict {
        do {
            _ = try await client.user(users.account(user), within: limit)
            return Verdict(status: .healthy, message: "TorBox answers")
        } catch let error as TorBoxError where error.code == .unauthorized || error.code == .planRestricted {
            return Verdict(status: .configured, message: "TorBox answers, but refuses the key that was tried")
        } catch {
            return Verdict(status: .unhealthy, message: "TorBox does not answer")
        }
    }
}
