/// How a database file is opened.
package struct DatabaseOptions: Sendable, Hashable {
    /// What an acknowledged write survives.
    package var durability: Durability
    /// Most memory for cached pages of this connection, in KiB; taken as needed. Default 1000, as stock.
    package var cacheKiB: Int
    /// How long to wait for another process's write, in milliseconds. Default 5000, as stock.
    package var busyTimeoutMilliseconds: Int
    /// Whether a missing file is made, with its directory. Otherwise it is an error.
    package var createsMissingFile: Bool

    package init(
        durability: Durability = .processCrash, cacheKiB: Int = 1_000, busyTimeoutMilliseconds: Int = 5_000,
        createsMissingFile: Bool = true
    ) {
        self.durability = durability
        self.cacheKiB = cacheKiB
        self.busyTimeoutMilliseconds = busyTimeoutMilliseconds
        self.createsMissingFile = createsMissingFile
    }
}
