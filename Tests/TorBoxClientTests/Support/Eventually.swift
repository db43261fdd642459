/// Waits until `condition` holds, for ten seconds at most; tells whether it came to hold.
func eventually(_ condition: () async -> Bool) async -> Bool {
    let clock = ContinuousClock()
    let end = clock.now.advanced(by: .seconds(10))
    while clock.now < end {
        if await condition() { return true }
        do { try await clock.sleep(for: .milliseconds(2)) } catch { return false }
    }
    return false
}
