import HTTPTypes
import WireProtocol

/// Automation rules. Source: REST contract, sections 1.7 to 1.12 and 2.1.
enum RuleRoutes {
    static let all = [
        Route(.get, "/api/automation/rules", Operation.listRules),
        Route(.post, "/api/automation/rules", Operation.replaceRules, isRepeatable: true),
        Route(.get, "/api/automation/rules/:id", Operation.getRule),
        Route(.put, "/api/automation/rules/:id", Operation.setRuleEnabled, isRepeatable: true),
        Route(.delete, "/api/automation/rules/:id", Operation.deleteRule, isRepeatable: true),
        Route(.get, "/api/automation/rules/:id/logs", Operation.listRuleLogs, query: ["items"]),
        Route(.post, "/api/automation/rules/:id/run", Operation.runRule),
        Route(.delete, "/api/automation/rules/:id/logs", Operation.clearRuleLogs, isRepeatable: true),
    ]
}
