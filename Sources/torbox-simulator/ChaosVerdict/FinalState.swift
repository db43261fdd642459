/// What the service shows a user at the end, over REST.
package struct FinalState: Sendable {
    /// The number in the name of the rule that carries it; nil when there is no such rule, or more than one.
    package var rulesVersion: Int?
    /// Nil when the user has no such rule.
    package var isToggleOn: Bool?
    package var tags: Set<String>
    package var mappings: Set<ClientRecord.Mapping>
    package var archived: Set<String>
    package var protected: Set<String>

    package init(
        rulesVersion: Int?, isToggleOn: Bool?, tags: Set<String> = [], mappings: Set<ClientRecord.Mapping> = [],
        archived: Set<String> = [], protected: Set<String> = []
    ) {
        self.rulesVersion = rulesVersion
        self.isToggleOn = isToggleOn
        self.tags = tags
        self.mappings = mappings
        self.archived = archived
        self.protected = protected
    }
}
