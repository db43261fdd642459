/// What an operator asked of the running fleet, checked.
enum FleetChange: Sendable {
    case scale(to: Int)
    /// Children are started by these from now on.
    case reload(ChildPrograms, FleetSettings)
}
