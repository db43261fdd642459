/// How a probe during a pause ended.
package enum ProbeOutcome: Sendable, Equatable {
    /// An account was accepted: the pause is over.
    case reachable
    /// TorBox answers, but no account was accepted: the pause goes on.
    case noKeyAccepted
    /// No account got a proper answer, or there was none to ask with: the pause goes on.
    case unreachable
    /// The task was cancelled; the schedule of probes is unchanged.
    case cancelled
}
