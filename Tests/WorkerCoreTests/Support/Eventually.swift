/// Waits until `condition` holds, for 20 seconds at most; tells whether it came to hold.
func eventually(_ condition: () async throws -> Bool) async rethrows -> Bool {
    let clock = ContinuousClock()
    let end = clock.now.advanced(by: .seconds(20))
    while clock.now < end {
        if try await condition() { return true }
        do { try await clock.sleep(for: .milliseconds(2)) } catch { return false }
    }
    return false
}
