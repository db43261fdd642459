import ChaosVerdict
import TorBoxSimulator

/// Draws faults of every kind and puts them into the simulator.
///
/// `badToken` is left out: a service that believes TorBox and stops polling that user is right.
struct ChaosFaults {
    let simulator: TorBoxSimulator
    let keys: [String]
    let log: DisturbanceLog
    let tally: ChaosTally
    var random: ChaosRandom

    /// Most faults strike one account: what strikes all is an outage to the service, and it rightly waits then.
    private static let shareForOne = 0.9

    /// Goes on until `end`.
    mutating func run(until end: ContinuousClock.Instant) async throws {
        while ContinuousClock.now < end {
            let kind = draw()
            simulator.inject(fault(kind))
            if random.chance(0.005) { try await cutOff() }
            try await Task.sleep(for: random.milliseconds(20...150))
        }
    }

    private mutating func fault(_ kind: FaultKind) -> SimulatedFault {
        SimulatedFault(
            kind, account: random.chance(Self.shareForOne) ? keys.randomElement(using: &random) : nil,
            times: Int.random(in: 1...20, using: &random),
            probability: Double.random(in: 0.1...1, using: &random),
            lastsMilliseconds: Int.random(in: 500...5_000, using: &random))
    }

    /// Nobody gets an answer for a while.
    private mutating func cutOff() async throws {
        let milliseconds = Int.random(in: 1_000...6_000, using: &random)
        let number = log.begin(.torBoxSilent)
        defer { log.end(number) }
        simulator.inject(SimulatedFault(.hang(appliesEffect: false), times: nil, lastsMilliseconds: milliseconds))
        tally.count(.disturbances, "TorBox cut off")
        try await Task.sleep(for: .milliseconds(milliseconds))
    }

    private mutating func draw() -> FaultKind {
        let kinds: [FaultKind] = [
            .status([500, 502, 503].randomElement(using: &random) ?? 500), .rateLimited(retryAfterSeconds: nil),
            .rateLimited(retryAfterSeconds: 1), .edgeRateLimited, .successFalse(error: "DATABASE_ERROR"),
            .notFoundButSuccess, .authError, .raw(status: 200, body: "{\"success\":", contentType: "application/json"),
            .missingData, .nullData, .wrongTypes, .emptyList, .halfList, .vanished(ids: []), .shiftedPages(by: 3),
            .shiftedPages(by: -3), .duplicateIDs, .withoutIDs, .unknownState("levitating"),
            .delay(milliseconds: Int.random(in: 50...1_500, using: &random)), .hang(appliesEffect: false),
            .hang(appliesEffect: true), .cutBody(fraction: Double.random(in: 0...0.95, using: &random)), .answerLost,
            .statusAfterEffect(502), .retryAfterOnSuccess(seconds: 1), .effectDelayed(seconds: 3), .effectDropped,
        ]
        return kinds.randomElement(using: &random) ?? .answerLost
    }
}
