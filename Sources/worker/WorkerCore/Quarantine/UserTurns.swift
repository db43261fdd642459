import DomainModel
import TorBoxClient

/// Pieces of work for one user between which a poll waits for TorBox's pace and its answers.
///
/// Each leaves its mark, and each of a suspect's has the lane. In between there is neither: a death then says nothing about
/// this user, and another suspect is worked for.
struct UserTurns: WorkTurns {
    let user: UserID
    let trail: BreadcrumbTrail
    /// Nil for whoever was not suspected when the poll began.
    let lane: SuspectLane?

    func work<Value>(_ body: () async throws -> Value) async rethrows -> Value {
        guard let lane else { return try await trail.duringPoll(of: user, body) }
        let hasLane = await lane.enterAgain(user)
        defer { if hasLane { lane.leave() } }
        return try await trail.duringPoll(of: user, body)
    }
}
