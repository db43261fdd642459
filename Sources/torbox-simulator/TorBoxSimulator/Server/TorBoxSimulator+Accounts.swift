/// What tests do to the accounts of a running simulator. Calls with an unknown key change nothing and say so.
extension TorBoxSimulator {
    /// Moves simulated time by hand, or tells it.
    package var clock: SimulatedClock { core.clock }

    /// Adds an account, or replaces the one with this key.
    @discardableResult
    package func addAccount(_ key: String, _ settings: AccountSettings = AccountSettings()) -> AccountIdentity {
        core.addAccount(key, settings)
    }

    /// What a person does who has TorBox make a new API key: the account stays, the old key is refused. False without such
    /// an account.
    @discardableResult
    package func changeKey(of key: String, to newKey: String) -> Bool { core.changeKey(of: key, to: newKey) }

    /// Forgets an account: its key is answered with 403 BAD_TOKEN from then on.
    @discardableResult
    package func removeAccount(_ key: String) -> Bool { core.removeAccount(key) }

    /// Changes settings that matter after the start: the active limit, the plan, the cached hashes.
    package func changeSettings(of key: String, _ change: @Sendable (inout AccountSettings) -> Void) {
        core.cell(key)?.withLock { change(&$0.account.settings) }
    }

    /// Adds a row to its kind's list, or replaces the one with its id.
    /// - Returns: The row's id; 0 when there is no such account.
    @discardableResult
    package func add(_ item: SimulatedItem, to key: String) -> Int {
        onAccount(key) { account, _ in account.put(item) } ?? 0
    }

    /// Adds a row to the queue, or replaces the one with its id.
    /// - Returns: The row's id; 0 when there is no such account.
    @discardableResult
    package func add(_ item: SimulatedQueueItem, to key: String) -> Int {
        onAccount(key) { account, _ in account.put(item) } ?? 0
    }

    /// Changes a row. An evolving row stands still from then on, except for what is changed again.
    /// - Returns: Whether there is such a row.
    @discardableResult
    package func change(
        _ kind: AssetKind, _ id: Int, of key: String, _ change: @Sendable (inout SimulatedItem) -> Void
    ) -> Bool {
        onAccount(key) { account, second in account.modify(kind, id, at: second, change) } ?? false
    }

    /// Takes a row off its list, as when the user deletes it elsewhere.
    /// - Returns: Whether there was such a row.
    @discardableResult
    package func remove(_ kind: AssetKind, _ id: Int, from key: String) -> Bool {
        onAccount(key) { account, _ in account.remove(kind, id) } ?? false
    }

    /// The rows of a list as they are now, newest first.
    package func items(_ kind: AssetKind, of key: String) -> [SimulatedItem] {
        onAccount(key) { account, second in account.items(kind, at: second) } ?? []
    }

    /// The rows of the queue as they are now, all kinds, newest first.
    package func queue(of key: String) -> [SimulatedQueueItem] {
        onAccount(key) { account, _ in account.queue.reversed() } ?? []
    }

    private func onAccount<Result: Sendable>(
        _ key: String, _ body: (inout SimulatedAccount, Int) -> Result
    ) -> Result? {
        core.cell(key)?.withLock { content in
            let second = core.clock.second
            content.account.advance(to: second)
            return body(&content.account, second)
        }
    }
}
