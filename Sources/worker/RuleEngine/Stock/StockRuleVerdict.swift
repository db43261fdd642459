package import DomainModel

/// What becomes of a rule of the stock backend here.
package struct StockRuleVerdict: Sendable, Equatable {
    /// Something that a person should know. Raw values are stable: reports and documents name them.
    package enum Kind: String, Sendable, Hashable, CaseIterable, Codable {
        // Written anew, meaning kept.
        case unitConverted = "rule-unit-converted"
        case progressConverted = "rule-progress-converted"
        case operatorFilled = "rule-operator-filled"
        case numberRead = "rule-number-read"
        case cooldown = "rule-cooldown"
        // Kept, with something to look at.
        case unitDoubt = "rule-unit-doubt"
        case neverHolds = "rule-never-holds"
        case stallState = "rule-stall-state"
        case averageWindow = "rule-average-window"
        case pace = "rule-pace"
        // Meaning lost: switched off.
        case progressScale = "rule-progress-scale"
        case unitUnknown = "rule-unit-unknown"
        case operatorGuessed = "rule-operator-guessed"
        case actionUnknown = "rule-action-unknown"
        case emptyConditions = "rule-empty-conditions"
        case notUnderstood = "rule-not-understood"

        /// Whether the rule cannot do here what it did there, so that a person has to say what it should do.
        package var isLoss: Bool {
            switch self {
            case .progressScale, .unitUnknown, .operatorGuessed, .actionUnknown, .emptyConditions, .notUnderstood: true
            default: false
            }
        }

        /// Whether the rule's text was changed so that it means the same here.
        package var isConversion: Bool {
            switch self {
            case .unitConverted, .progressConverted, .operatorFilled, .numberRead, .cooldown: true
            default: false
            }
        }
    }

    package struct Note: Sendable, Hashable {
        package var kind: Kind
        package var text: String
    }

    /// `trigger_config` to be stored; nil: as it is.
    package internal(set) var trigger: JSONValue?
    /// `conditions` to be stored; nil: as it is.
    package internal(set) var conditions: JSONValue?
    package internal(set) var notes: [Note] = []

    /// Why the rule cannot be kept running; nil when it can.
    package var loss: String? {
        let texts = notes.filter(\.kind.isLoss).map(\.text)
        return texts.isEmpty ? nil : texts.joined(separator: "; ")
    }
}
