import DomainModel
import ItemDecoding
import RuleEngine

/// The core of `worker evaluate`: one case in, one verdict out, with the case's own clock.
///
/// A case is a JSON object with `id` and `kind`; kinds other than `rule`, `status` and `normalize` are skipped. Answers:
/// `{"id","selected","targets","unknown"}` or `{"id","rejected"}`, `{"id","statuses"}`, `{"id","accepted","value"}`,
/// `{"id","skipped"}`.
package enum EvaluateCommand {
    /// Evaluates one line. `number` counts lines from 1 and only serves the message about a malformed one.
    package static func run(line: [UInt8], number: Int) -> EvaluateLine {
        if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D || $0 == 0x0A }) { return .blank }
        do {
            return .output(try answer(to: try JSONValue(parsing: line)).compactText)
        } catch let error as JSONSyntaxError {
            return .malformed("line \(number): \(error)")
        } catch let error as MalformedCase {
            return .malformed("line \(number): \(error.problem)")
        } catch {
            return .malformed("line \(number): \(error)")
        }
    }

    package static func run(line: String, number: Int) -> EvaluateLine {
        run(line: Array(line.utf8), number: number)
    }

    private static func answer(to value: JSONValue) throws(MalformedCase) -> JSONValue {
        guard value.objectValue != nil else { throw MalformedCase(problem: "a case must be an object") }
        guard let id = value["id"], id.stringValue != nil || id.integerValue != nil else {
            throw MalformedCase(problem: "id is missing")
        }
        guard let kind = value["kind"]?.stringValue else { throw MalformedCase(problem: "kind is missing") }
        var members: [String: JSONValue] =
            switch kind {
            case "rule": try RuleCase(value).answer()
            case "status": try statuses(value)
            case "normalize": try normalized(value)
            default: ["skipped": .string(kind)]
            }
        members["id"] = id
        return .object(members)
    }

    private static func statuses(_ value: JSONValue) throws(MalformedCase) -> [String: JSONValue] {
        guard let rows = value["items"]?.arrayValue else { throw MalformedCase(problem: "items is missing") }
        let statuses = rows.enumerated().map { index, row in
            DerivedStatus.of(ItemDecoder.decodeRow(row, asset: .torrent, id: Int64(index) + 1))
        }
        return ["statuses": .array(statuses.map { .string($0.rawValue) })]
    }

    private static func normalized(_ value: JSONValue) throws(MalformedCase) -> [String: JSONValue] {
        guard let posted = value["trigger"] else { throw MalformedCase(problem: "trigger is missing") }
        guard let trigger = RuleValidator.normalizedTrigger(posted) else {
            return ["accepted": .bool(false), "value": .null]
        }
        return ["accepted": .bool(true), "value": trigger["value"] ?? .null]
    }
}
