/// Faults put in, and calls read out.
extension TorBoxSimulator {
    /// Adds a fault; several may strike one call.
    /// - Returns: A number by which to clear it.
    @discardableResult
    package func inject(_ fault: SimulatedFault) -> Int { core.add(fault) }

    /// Clears one fault, or all.
    package func clearFaults(_ id: Int? = nil) { core.removeFault(id) }

    /// The calls received, oldest first, in the order in which they were decided.
    /// - Parameters:
    ///   - account: A key or a short id; nil for all calls.
    ///   - endpoint: nil for all.
    ///   - sequence: Only calls with a higher number.
    package func calls(
        account: String? = nil, endpoint: SimulatorEndpoint? = nil, since sequence: Int = 0
    ) -> [CallRecord] {
        core.calls(since: sequence, account: account, endpoint: endpoint)
    }

    /// Counts since the start, calls dropped from the log included.
    package var statistics: SimulatorStatistics { core.statistics }
}
