/// Conditions joined by one operator.
struct ConditionGroup: Sendable, Hashable {
    /// Nil when the stored operator is neither `and` nor `or`: the group is unknown then.
    let logic: LogicOperator?
    let conditions: [Condition]
}
