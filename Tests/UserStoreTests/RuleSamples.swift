import DomainModel
import UserStore

extension RuleDraftRow {
    static func sample(
        _ name: String = "Trim", id: RuleID? = nil, isEnabled: Bool = true, minutes: Int = 30,
        conditions: String = #"{"logicOperator":"and","groups":[]}"#, action: String = #"{"type":"delete"}"#,
        metadata: String? = nil
    ) -> RuleDraftRow {
        RuleDraftRow(
            id: id, name: name, isEnabled: isEnabled, assetTypes: #"["torrent"]"#,
            trigger: #"{"type":"interval","value":\#(minutes)}"#, conditions: conditions, action: action,
            metadata: metadata)
    }
}

extension NewAction {
    static func sample(
        _ item: ItemKey = .torrent(1), rule: RuleID = RuleID(1), revision: Int64 = 1, action: String = "delete",
        state: ActionState = .planned
    ) -> NewAction {
        NewAction(
            rule: rule, ruleName: "Trim", revision: revision, item: item, hash: "abc", itemName: "Name", action: action,
            parameters: #"{"a":1}"#, evidence: #"{"b":2}"#, state: state)
    }
}

extension UserDatabase {
    /// Stores the drafts as the whole list.
    @discardableResult
    func save(_ drafts: [RuleDraftRow], at now: Timestamp = .noon) async throws -> [RuleRow] {
        try await write { try RuleRepository.replaceAll($0, with: drafts, now: now) }
    }

    func rules() async throws -> [RuleRow] { try await read(RuleRepository.list) }

    func actions() async throws -> [ActionRow] {
        try await read { db in try ActionRepository.newest(db, of: RuleID(1)).reversed() }
    }
}
