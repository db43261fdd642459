import WireProtocol

/// `/api/activity`: the sign of life that a visible page gives every two minutes.
struct ActivityHandlers: Sendable {
    let users: UserAccess

    @concurrent func touch(_ context: RequestContext) async throws -> Response {
        await users.noteActivity(of: context.user)
        return Reply.success()
    }
}
