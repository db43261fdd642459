import DomainModel
import RuleEngine

/// Something that the adoption noticed about a user, and what it did about it.
struct AdoptionFinding: Codable, Sendable, Hashable {
    /// One of ``AdoptionFindingKind``, or of the kinds of rules.
    var kind: String
    /// First eight digits of the id; nil for what is nobody's.
    var user: String?
    var rule: Int64?
    var ruleName: String?
    var text: String

    init(_ kind: AdoptionFindingKind, of user: UserID?, _ text: String) {
        self.kind = kind.rawValue
        self.user = user?.short
        self.text = text
    }

    init(_ kind: String, of user: UserID, rule: RuleID, named name: String, _ text: String) {
        self.kind = kind
        self.user = user.short
        self.rule = rule.rawValue
        ruleName = name
        self.text = text
    }
}
