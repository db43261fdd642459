import Testing

/// Polls until `condition` holds; fails the test when it does not within `limit`.
func eventually(
    within limit: Duration = .seconds(20), _ what: Comment, sourceLocation: SourceLocation = #_sourceLocation,
    _ condition: () -> Bool
) async throws {
    let deadline = ContinuousClock.now + limit
    while !condition() {
        guard ContinuousClock.now < deadline else {
            Issue.record("did not happen within \(limit): \(what)", sourceLocation: sourceLocation)
            throw DidNotHappen()
        }
        try await Task.sleep(for: .milliseconds(5))
    }
}

struct DidNotHappen: Error {}
