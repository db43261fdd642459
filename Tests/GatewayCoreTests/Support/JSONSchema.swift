import DomainModel

/// Checks a JSON value against a JSON Schema (draft 2020-12), as far as our OpenAPI document uses it.
struct JSONSchema {
    /// What `$ref` looks into.
    let root: JSONValue

    /// Where and why the value does not fit; empty when it does.
    func problems(_ value: JSONValue, _ schema: JSONValue, at path: String = "$") -> [String] {
        guard let schema = resolved(schema) else { return ["\(path): unresolved reference in \(schema.compactText)"] }
        if let choices = schema["anyOf"]?.arrayValue {
            return choices.contains { problems(value, $0, at: path).isEmpty } ? [] : ["\(path): none of anyOf fits"]
        }
        var found: [String] = []
        if let constant = schema["const"], constant != value { found.append("\(path): is not \(constant.compactText)") }
        if let choices = schema["enum"]?.arrayValue, !choices.contains(value) { found.append("\(path): not in enum") }
        let types = schema["type"].map { $0.arrayValue ?? [$0] }?.compactMap(\.stringValue)
        if let types, !types.contains(where: { value.isOf($0) }) {
            return found + ["\(path): is no \(types.joined(separator: " or "))"]
        }
        return found + structure(value, schema, path) + bounds(value, schema, path)
    }

    /// Follows `#/a/b`; nil when nothing is there.
    func resolved(_ schema: JSONValue) -> JSONValue? {
        guard let reference = schema["$ref"]?.stringValue else { return schema }
        let target = reference.split(separator: "/").dropFirst().reduce(JSONValue?.some(root)) { value, name in
            value?[String(name)]
        }
        return target.flatMap { resolved($0) }
    }

    private func structure(_ value: JSONValue, _ schema: JSONValue, _ path: String) -> [String] {
        switch value {
        case .object(let members):
            let properties = schema["properties"]?.objectValue ?? [:]
            let required = (schema["required"]?.arrayValue ?? []).compactMap(\.stringValue)
            let missing = required.filter { members[$0] == nil }.map { "\(path): lacks \($0)" }
            return missing
                + members.flatMap { name, member -> [String] in
                    let kind = properties[name] ?? schema["additionalProperties"]
                    return kind.map { problems(member, $0, at: "\(path).\(name)") } ?? []
                }
        case .array(let elements):
            guard let kind = schema["items"] else { return [] }
            return elements.enumerated().flatMap { problems($1, kind, at: "\(path)[\($0)]") }
        default: return []
        }
    }

    private func bounds(_ value: JSONValue, _ schema: JSONValue, _ path: String) -> [String] {
        let size =
            value.doubleValue ?? value.arrayValue.map { Double($0.count) }
            ?? value.stringValue.map { Double($0.count) }
        guard let size else { return [] }
        let low = ["minimum", "minItems", "minLength"].compactMap { schema[$0]?.doubleValue }.contains { size < $0 }
        let high = ["maximum", "maxItems", "maxLength"].compactMap { schema[$0]?.doubleValue }.contains { size > $0 }
        return low || high ? ["\(path): out of bounds"] : []
    }
}

extension JSONValue {
    fileprivate func isOf(_ type: String) -> Bool {
        switch (type, self) {
        case ("null", .null), ("boolean", .bool), ("string", .string), ("array", .array), ("object", .object): true
        case ("integer", _): integerValue != nil
        case ("number", _): doubleValue != nil
        default: false
        }
    }
}
