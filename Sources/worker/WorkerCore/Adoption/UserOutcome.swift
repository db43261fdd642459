/// What became of one user's file, as the ledger and the report have it.
struct UserOutcome: Codable, Sendable, Equatable {
    var rules = 0
    var enabledRules = 0
    var switchedOffRules = 0
    var convertedRules = 0
    /// Rows by table, as they are now.
    var rows: [String: Int] = [:]
    var uploadFiles = 0
    var uploadBytes: Int64 = 0
    var queuedUploads = 0
    /// Of the stock file with its journal.
    var sourceBytes: Int64 = 0
    var findings: [AdoptionFinding] = []
}
