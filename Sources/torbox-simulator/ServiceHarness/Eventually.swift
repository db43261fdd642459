/// Waits until a condition holds, looking again and again; false when it does not within `limit`.
///
/// What is awaited is an event of another process, so there is nothing to wait on but time.
package func eventually(
    within limit: Duration = .seconds(10), every pause: Duration = .milliseconds(20),
    _ condition: () async throws -> Bool
) async throws -> Bool {
    let deadline = ContinuousClock.now.advanced(by: limit)
    repeat {
        if try await condition() { return true }
        try await Task.sleep(for: pause)
    } while ContinuousClock.now < deadline
    return try await condition()
}
