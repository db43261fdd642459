/// Whether requests can be served. The raw values are the words of `/ready`.
enum Readiness: String, Sendable {
    case notReady = "not ready"
    case ready
    /// Known users are served, their polls go on; new ones cannot register.
    case withoutRegistry = "ready, registry unreachable"
}
