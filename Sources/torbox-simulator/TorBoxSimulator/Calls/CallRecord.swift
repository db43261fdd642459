/// One call that the simulator received.
package struct CallRecord: Sendable, Equatable, Codable {
    /// Rises by one with each call, from 1.
    package var sequence: Int
    /// Real Unix milliseconds at which the call arrived.
    package var realMilliseconds: Int
    /// Simulated Unix milliseconds.
    package var simulatedMilliseconds: Int
    /// The account's short id; nil without a known key.
    package var account: String?
    package var method: String
    package var path: String
    package var query: String
    /// The body as text, cut after 4,096 bytes.
    package var body: String
    package var userAgent: String?
    /// The status answered; 0 when there was no answer.
    package var status: Int
    /// The names of the faults that struck.
    package var faults: [String]
    package var appliedEffect: Bool
    /// What no client of ours may do: `all`, `bypass_cache` in capitals.
    package var violation: String?

    /// The endpoint, when TorBox has it.
    package var endpoint: SimulatorEndpoint? { SimulatorEndpoint(path: path) }
}
