/// A value that is asked for often and fetched seldom: callers of the same moment share one fetch.
actor Recent<Value: Sendable> {
    private let maximumAge: Duration
    private let isWorthKeeping: @Sendable (Value) -> Bool
    private let fetch: @Sendable () async -> Value
    private var value: (Value, fetched: ContinuousClock.Instant)?
    private var fetching: Task<Value, Never>?

    /// What is not worth keeping (a failure, say) is fetched anew by the next caller.
    init(
        maximumAge: Duration, keepingIf isWorthKeeping: @escaping @Sendable (Value) -> Bool,
        fetch: @escaping @Sendable () async -> Value
    ) {
        self.maximumAge = maximumAge
        self.isWorthKeeping = isWorthKeeping
        self.fetch = fetch
    }

    /// At most ``maximumAge`` old when the call began.
    func get() async -> Value {
        if let value, value.fetched.duration(to: .now) < maximumAge { return value.0 }
        if let fetching { return await fetching.value }
        let fetch = fetch
        // Unstructured because the fetch is shared and must outlive the caller that began it. Bounded by the
        // fetch's own time limit.
        let task = Task { await fetch() }
        fetching = task
        let fresh = await task.value
        value = isWorthKeeping(fresh) ? (fresh, .now) : nil
        fetching = nil
        return fresh
    }
}
