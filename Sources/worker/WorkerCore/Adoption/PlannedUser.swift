import DomainModel
import Registry

/// Somebody to be adopted.
struct PlannedUser: Sendable {
    /// As the stock backend knows the user.
    var source: UserID
    /// As they are known here.
    var id: UserID
    /// The stock file; nil when there is none.
    var file: String?
    /// What to register; nil when only the file is taken in.
    var record: AdoptedUser?
    var findings: [AdoptionFinding] = []
}
