/// What goes back to the caller, before delivery faults.
struct Answer: Sendable {
    var status = 200
    var body: [UInt8] = []
    var contentType = "application/json"
    var headers: [HeaderLine] = []
    /// Whether the call changed the account.
    var appliedEffect = false
    /// What the caller did that no client of ours may do.
    var violation: String?
    /// Which create budget was used, for the limit header.
    var usedCachedBudget = false

    /// One header of an answer.
    struct HeaderLine: Sendable, Equatable {
        var name: String
        var value: String
    }
}
