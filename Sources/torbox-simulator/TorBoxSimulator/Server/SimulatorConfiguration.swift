package import Logging

/// How a simulator starts. The defaults suit tests: loopback, a free port, TorBox's rate limits, no accounts.
package struct SimulatorConfiguration: Sendable {
    package var host = "127.0.0.1"
    /// 0 takes a free port.
    package var port = 0
    package var clock: SimulatedClock
    package var rateLimits: RateLimits
    /// Settings of the accounts made for unknown keys; nil answers those with 403 BAD_TOKEN.
    package var unknownKeys: AccountSettings?
    /// Calls kept for ``TorBoxSimulator/calls(account:endpoint:since:)``; older ones are only counted.
    package var callLogLimit: Int
    /// Seeds the chance of faults.
    package var seed: UInt64
    /// How old, in simulated seconds, a list may be that is read without `bypass_cache=true`; TorBox takes 120 to 300.
    package var staleListSeconds: Int
    /// Called for every call after it was decided, on the thread that serves it: must be quick.
    package var onCall: (@Sendable (CallRecord) -> Void)?
    /// The same with the whole body of the answer, also when a fault keeps it from being delivered.
    package var onAnswer: (@Sendable (CallRecord, _ body: [UInt8]) -> Void)?
    package var logger: Logger

    package init(
        clock: SimulatedClock = SimulatedClock(), rateLimits: RateLimits = RateLimits(),
        unknownKeys: AccountSettings? = nil, callLogLimit: Int = 10_000, seed: UInt64 = 1, staleListSeconds: Int = 0
    ) {
        self.clock = clock
        self.rateLimits = rateLimits
        self.unknownKeys = unknownKeys
        self.callLogLimit = callLogLimit
        self.seed = seed
        self.staleListSeconds = staleListSeconds
        var logger = Logger(label: "torbox-simulator")
        // The server logs an error for every connection that a stop cuts; those are wanted here.
        logger.logLevel = .critical
        self.logger = logger
    }
}
