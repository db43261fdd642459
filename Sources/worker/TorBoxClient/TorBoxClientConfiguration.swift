/// What a ``TorBoxClient`` needs to know. Plain values; the process that makes one checks what people typed.
package struct TorBoxClientConfiguration: Sendable {
    /// Scheme, host and port, without the version: `https://api.torbox.app`.
    package var baseURL: String
    /// The path segment after the base. Source: the API has had only `v1`.
    package var apiVersion = "v1"
    /// Sent with every request: `torbox-backend/<version>`.
    package var userAgent: String
    /// Limit for one read, from sending it to the last byte of the answer. Source: stock.
    package var fetchTimeout: Duration = .seconds(20)
    /// The same for calls that change things. Source: stock.
    package var actionTimeout: Duration = .seconds(15)
    /// The same for calls that add a download: they carry files. Source: stock.
    package var createTimeout: Duration = .seconds(30)
    /// Limit for one probe while paused. Source: stock.
    package var probeTimeout: Duration = .seconds(10)
    /// Limit for making a connection, TLS included.
    package var connectTimeout: Duration = .seconds(10)
    /// How long a single call may take in all, waits for pace and slots and repeats included, unless it says otherwise.
    package var callBudget: Duration = .seconds(60)
    /// The same for a whole snapshot. Source: stock's limit for the fetch part of a poll.
    package var snapshotBudget: Duration = .seconds(90)
    /// Reads under way at once; one user gets at most half. Source: stock.
    package var fetchConcurrency = 20
    /// Changes under way at once; one user gets at most half. Source: stock.
    package var actionConcurrency = 12
    /// Connections to one host of each event loop. More than 16 cost memory and gained nothing when measured.
    package var connectionsPerHost = 12
    /// Largest answer that is read, in bytes: about 20,000 rows.
    package var maximumBodyBytes = 64 << 20
    /// Rows asked for at once. 1000 is the most that TorBox is known to give.
    package var pageSize = 1_000
    /// Rows that two neighbouring pages share, so that a shift between reading them shows.
    package var pageOverlap = 10
    package var retry = RetryPolicy()
    package var pace = RatePace()
    package var outage = OutageState.Parameters()

    package init(baseURL: String, version: String) {
        self.baseURL = baseURL
        userAgent = "torbox-backend/\(version)"
    }
}
