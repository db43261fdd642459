/// How an adoption went, or would go.
struct AdoptionReport: Codable, Sendable, Equatable {
    var source: String
    var isDryRun: Bool
    /// Registrations found.
    var registered = 0
    /// Users with a registration here now.
    var adopted = 0
    /// Users whose file alone is here.
    var filesOnly = 0
    /// Of all of these, those that an earlier run had done.
    var doneBefore = 0
    var refused = 0
    var rules = 0
    var enabledRules = 0
    var switchedOffRules = 0
    var convertedRules = 0
    var rows: [String: Int] = [:]
    var uploadFiles = 0
    var uploadBytes: Int64 = 0
    var sourceBytes: Int64 = 0
    /// Findings by kind.
    var kinds: [String: Int] = [:]
    var findings: [AdoptionFinding] = []
    var seconds = 0.0
    var peakMemoryMebibytes = 0

    init(source: String, isDryRun: Bool) {
        self.source = source
        self.isDryRun = isDryRun
    }

    mutating func add(_ outcome: UserOutcome) {
        rules += outcome.rules
        enabledRules += outcome.enabledRules
        switchedOffRules += outcome.switchedOffRules
        convertedRules += outcome.convertedRules
        rows.merge(outcome.rows, uniquingKeysWith: +)
        uploadFiles += outcome.uploadFiles
        uploadBytes += outcome.uploadBytes
        sourceBytes += outcome.sourceBytes
        outcome.findings.forEach { add($0) }
    }

    mutating func add(_ finding: AdoptionFinding) {
        kinds[finding.kind, default: 0] += 1
        findings.append(finding)
    }

    /// In an order that does not depend on which user was done first.
    mutating func sort() {
        findings.sort {
            ($0.kind, $0.user ?? "", $0.rule ?? 0, $0.text) < ($1.kind, $1.user ?? "", $1.rule ?? 0, $1.text)
        }
    }
}
