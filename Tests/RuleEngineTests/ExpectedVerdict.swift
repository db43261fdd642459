import DomainModel

/// What a recorded case expects of us, as its README says.
struct ExpectedVerdict {
    private let recorded: JSONValue

    init(_ recorded: JSONValue) { self.recorded = recorded }

    var kind: String { recorded["kind"]?.stringValue ?? "" }

    /// Nil when `answer` is what is expected, else a line about the difference.
    func problem(with answer: JSONValue) -> String? {
        let isRight =
            switch kind {
            case "rule": isRight(rule: answer)
            case "status": answer["statuses"] == recorded["expect"]
            case "normalize":
                answer["accepted"] == recorded["accepted"]
                    && (answer["value"] ?? .null) == (recorded["expect_value"] ?? .null)
            default: answer["skipped"]?.stringValue == kind
            }
        if isRight { return nil }
        let wanted = recorded["ours"] ?? recorded["expect"] ?? .null
        return "\(recorded["id"]?.stringValue ?? ""): wanted \(wanted.compactText), got \(answer.compactText)"
    }

    private func isRight(rule answer: JSONValue) -> Bool {
        let wanted = recorded["ours"] ?? recorded["expect"] ?? .null
        if recorded["free"]?.boolValue == true {
            guard answer["rejected"] == nil, let most = wanted.arrayValue else { return true }
            return Set(answer["selected"]?.arrayValue ?? []).isSubset(of: Set(most))
        }
        guard wanted.arrayValue != nil else { return answer["rejected"] != nil }
        return answer["selected"] == wanted && answer["targets"] == (recorded["targets"] ?? wanted)
    }
}
