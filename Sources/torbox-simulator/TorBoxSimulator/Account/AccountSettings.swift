/// How an account starts and what it is allowed.
package struct AccountSettings: Sendable, Equatable {
    package var library: SimulatedLibrary
    /// Different seeds give different libraries; the same seed and key the same one.
    package var seed: UInt64
    /// Simulated seconds between refreshes of a torrent row: 1 shows every second, 600 is what TorBox does.
    /// Usenet and web downloads are refreshed every 5 s when this is above 5.
    package var refreshSeconds: Int
    /// Running items allowed at once; nil means no limit.
    package var activeLimit: Int?
    /// TorBox's number: 0 Free, 1 Essential, 2 Pro, 3 Standard.
    package var plan: Int
    /// Hashes that a create finds in the shared store.
    package var cachedHashes: Set<String>

    package init(
        library: SimulatedLibrary = .empty, seed: UInt64 = 1, refreshSeconds: Int = 1, activeLimit: Int? = nil,
        plan: Int = 2, cachedHashes: Set<String> = []
    ) {
        self.library = library
        self.seed = seed
        self.refreshSeconds = max(refreshSeconds, 1)
        self.activeLimit = activeLimit
        self.plan = plan
        self.cachedHashes = cachedHashes
    }
}
