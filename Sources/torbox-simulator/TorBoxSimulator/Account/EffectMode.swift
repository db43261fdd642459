/// When an accepted change happens.
enum EffectMode: Sendable, Equatable {
    case immediate
    /// At this simulated Unix second; the answer is the usual one.
    case delayed(until: Int)
    /// Never, although the answer says otherwise.
    case dropped
}
