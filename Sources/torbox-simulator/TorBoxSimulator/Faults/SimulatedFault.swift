/// A fault and when it strikes.
///
/// ```swift
/// simulator.inject(SimulatedFault(.status(502), account: key, endpoints: SimulatorEndpoint.lists, times: 3))
/// ```
package struct SimulatedFault: Sendable, Equatable {
    package var kind: FaultKind
    /// The key of the only account it strikes; nil strikes all.
    package var account: String?
    /// The calls it strikes; empty strikes all.
    package var endpoints: Set<SimulatorEndpoint>
    /// How often it strikes; nil means without end.
    package var times: Int?
    /// Matching calls that pass unharmed first.
    package var skipping: Int
    /// The chance, 0 to 1, that it strikes a matching call; drawn from the simulator's seed.
    package var probability: Double
    /// Real milliseconds after which it ends; nil means never.
    package var lastsMilliseconds: Int?

    /// A fault that strikes once, unless told otherwise.
    package init(
        _ kind: FaultKind, account: String? = nil, endpoints: Set<SimulatorEndpoint> = [], times: Int? = 1,
        skipping: Int = 0, probability: Double = 1, lastsMilliseconds: Int? = nil
    ) {
        self.kind = kind
        self.account = account
        self.endpoints = endpoints
        self.times = times
        self.skipping = skipping
        self.probability = probability
        self.lastsMilliseconds = lastsMilliseconds
    }
}
