import Testing

/// Polls until `condition` holds, and records an issue when it does not within half a minute.
func eventually(
    _ what: Comment, sourceLocation: SourceLocation = #_sourceLocation, _ condition: () async throws -> Bool
) async rethrows {
    let end = ContinuousClock.now.advanced(by: .seconds(30))
    while ContinuousClock.now < end {
        if try await condition() { return }
        await Task.yield()
        // Only a pause between looks; a cancelled test looks faster.
        try? await Task.sleep(for: .milliseconds(2))
    }
    Issue.record("never happened: \(what)", sourceLocation: sourceLocation)
}
