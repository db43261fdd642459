/// A reload under way: the gateway first, then the workers, one by one.
struct Rollout: Sendable, Equatable {
    /// Still to be replaced, after ``current``.
    var waiting: [ChildID]
    /// What is being replaced: a gateway's successor, or a worker.
    var current: ChildID?
    /// Replaced already, by the ids they have now.
    var done: [ChildID] = []
    /// To be scaled to when everything is replaced.
    var workers: Int?
    /// What was in force before; nil when the reload changes no setting of the fleet.
    var before: FleetSettings?
    /// Why everything is being put back as it was.
    var failure: String?
}
