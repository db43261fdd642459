package import DomainModel

/// A stored rule: stock's columns and ours. JSON columns are texts exactly as they were given.
package struct RuleRow: Sendable, Equatable {
    package var id: RuleID
    package var name: String
    package var isEnabled: Bool
    /// JSON array, such as `["torrent"]`.
    package var assetTypes: String
    /// JSON object.
    package var trigger: String
    /// JSON: an array of conditions (January 2026) or an object with `groups`.
    package var conditions: String
    /// JSON object; the text `null` in some rows of January 2026.
    package var action: String
    /// JSON object or nil.
    package var metadata: String?
    package var lastExecutedAt: Timestamp?
    package var executionCount: Int64
    /// Stock's column, whole seconds; kept in step with ``evaluatedAt``.
    package var lastEvaluatedAt: Timestamp?
    package var createdAt: Timestamp
    package var updatedAt: Timestamp
    /// Rises with every change of what the rule does or whether it runs; 1 for a rule never changed through us.
    package var revision: Int64
    /// When the revision last rose; nil for a rule never changed through us.
    package var changedAt: Timestamp?
    package var evaluatedAt: Timestamp?
    /// The revision that ``evaluatedAt`` was about.
    package var evaluatedRevision: Int64?
    /// Why a person should look at it.
    package var attention: String?
    /// Why the backend, not the user, switched it off.
    package var disabledReason: String?
}
