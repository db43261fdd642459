import Synchronization

/// One account behind its lock, with its rate limits: calls of one account are handled one after the other.
final class AccountCell: Sendable {
    struct Content: Sendable {
        var account: SimulatedAccount
        var limiter = RateLimiter()
    }

    let identity: AccountIdentity
    private let content: Mutex<Content>

    init(key: String, settings: AccountSettings, base: Int) {
        identity = AccountIdentity(key: key)
        content = Mutex(Content(account: SimulatedAccount(identity: identity, settings: settings, base: base)))
    }

    func withLock<Result: Sendable>(_ body: (inout Content) throws -> Result) rethrows -> Result {
        try content.withLock { content in try body(&content) }
    }
}
