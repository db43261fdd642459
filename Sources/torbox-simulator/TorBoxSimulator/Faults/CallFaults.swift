/// The faults that strike one call, sorted by what they touch.
struct CallFaults: Sendable {
    var names: [String] = []
    /// The answer that is given in place of the endpoint's.
    var replacement: FaultKind?
    /// How rows and envelope are distorted.
    var distortions: [FaultKind] = []
    var delayMilliseconds = 0
    var hangs = false
    var cutFraction: Double?
    var losesAnswer = false
    var statusAfterEffect: Int?
    var retryAfterSeconds: Int?
    var effectDelaySeconds: Int?
    var dropsEffect = false
    /// The connection hangs before anything is done.
    var hangsBeforeEffect = false

    init(_ kinds: [FaultKind] = []) {
        for kind in kinds {
            names.append(kind.name)
            sort(kind)
        }
    }

    /// - Parameter second: The present simulated second.
    func effectMode(at second: Int) -> EffectMode {
        if dropsEffect { return .dropped }
        return effectDelaySeconds.map { .delayed(until: second + $0) } ?? .immediate
    }

    private mutating func sort(_ kind: FaultKind) {
        switch kind {
        case .status, .rateLimited, .edgeRateLimited, .successFalse, .notFoundButSuccess, .authError, .badToken, .raw:
            if replacement == nil { replacement = kind }
        case .missingData, .nullData, .wrongTypes, .emptyList, .halfList, .vanished, .shiftedPages, .duplicateIDs,
            .withoutIDs, .unknownState:
            distortions.append(kind)
        case .delay(let milliseconds): delayMilliseconds += milliseconds
        case .hang(let appliesEffect):
            hangs = true
            hangsBeforeEffect = !appliesEffect
        case .cutBody(let fraction): cutFraction = fraction
        case .answerLost: losesAnswer = true
        case .statusAfterEffect(let status): statusAfterEffect = status
        case .retryAfterOnSuccess(let seconds): retryAfterSeconds = seconds
        case .effectDelayed(let seconds): effectDelaySeconds = seconds
        case .effectDropped: dropsEffect = true
        }
    }
}
