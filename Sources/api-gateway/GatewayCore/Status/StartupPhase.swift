/// How far the process is, in stock's words.
enum StartupPhase: String, Sendable {
    /// No slot map yet.
    case starting
    /// Connected to the workers, which have not all answered yet.
    case warming
    /// Every worker has answered once.
    case ready
}
