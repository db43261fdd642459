/// Whether systemd's watchdog may be fed: only while the house does its work. Pure.
///
/// A child that hangs or dies is the fleet's business and no reason to starve; a fleet that does not act on it is.
struct WatchdogPolicy: Sendable {
    struct Facts: Sendable, Equatable {
        /// How long ago the fleet should have acted (on a silent child, an ended backoff); zero when nothing waits.
        var fleetLateness: Duration = .zero
        /// Nil when the gateway is not ready.
        var gatewayReadyFor: Duration?
        /// Of the worker that has been ready for longest; nil when none is.
        var workerReadyFor: Duration?
        /// Since a request of the gateway last came back from a worker; nil before the first.
        var probeAge: Duration?
    }

    enum Verdict: Sendable, Equatable {
        case feed
        case starve(reason: String)
    }

    /// The fleet acts within milliseconds; a machine that swaps may need seconds.
    static let lateness: Duration = .seconds(15)
    /// The gateway probes every few seconds; a worker that is being replaced answers again within seconds.
    static let probeSilence: Duration = .seconds(60)

    static func verdict(_ facts: Facts) -> Verdict {
        if facts.fleetLateness > lateness {
            return .starve(reason: "the supervisor has not acted for \(facts.fleetLateness.components.seconds) s")
        }
        guard let gateway = facts.gatewayReadyFor, let worker = facts.workerReadyFor,
            min(gateway, worker) > probeSilence, facts.probeAge.map({ $0 > probeSilence }) ?? true
        else { return .feed }
        let since = facts.probeAge.map { "for \($0.components.seconds) s" } ?? "yet"
        return .starve(reason: "no request of the gateway has come back from a worker \(since)")
    }
}

extension WatchdogPolicy.Facts {
    init(_ machine: FleetStateMachine, _ status: FleetStatus, at now: ContinuousClock.Instant) {
        if let deadline = machine.nextDeadline { fleetLateness = max(.zero, deadline.duration(to: now)) }
        let gateway = status.child("\(ChildID.gateway)")
        gatewayReadyFor = gateway?.uptimeSeconds.map { .seconds($0) }
        workerReadyFor =
            status.children.filter { $0.slots != nil }.compactMap(\.uptimeSeconds).max().map { .seconds($0) }
        probeAge = gateway?.gauges["probe.age.ms"].map { .milliseconds($0) }
    }
}
