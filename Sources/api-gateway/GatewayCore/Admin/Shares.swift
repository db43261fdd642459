import DomainModel

/// Makes one document of the shares of all workers. Pure.
enum Shares {
    /// Numbers are added, lists joined, objects combined member by member; of anything else the first counts.
    static func sum(_ shares: [JSONValue]) -> JSONValue { shares.reduce(.null) { add($0, $1) } }

    private static func add(_ left: JSONValue, _ right: JSONValue) -> JSONValue {
        switch (left, right) {
        case (.null, let value), (let value, .null): return value
        case (.integer(let one), .integer(let other)):
            return .integer(one.addingReportingOverflow(other).partialValue)
        case (.array(let one), .array(let other)): return .array(one + other)
        case (.object(let one), .object(let other)):
            return .object(one.merging(other) { add($0, $1) })
        default:
            guard let one = left.doubleValue, let other = right.doubleValue else { return left }
            return .number(one + other)
        }
    }

    /// The first `limit` rows of lists that are each sorted already, the greatest text under `name` first.
    static func newest(_ lists: [[JSONValue]], by name: String, limit: Int) -> [JSONValue] {
        var heads = lists.map { $0[...] }
        var rows: [JSONValue] = []
        while rows.count < limit {
            let next = heads.indices.filter { !heads[$0].isEmpty }.max { one, other in
                text(heads[one].first, name) < text(heads[other].first, name)
            }
            guard let next, let row = heads[next].popFirst() else { break }
            rows.append(row)
        }
        return rows
    }

    private static func text(_ row: JSONValue?, _ name: String) -> String { row?[name]?.stringValue ?? "" }

    /// `"88.00%"`; of nothing `"0.00%"`.
    static func percent(_ part: Int64, of whole: Int64) -> String {
        guard whole > 0 else { return "0.00%" }
        let hundredths = Int64((Double(part) / Double(whole) * 10_000).rounded())
        return "\(hundredths / 100).\(padded(hundredths % 100))%"
    }

    /// `"1.23 MB"`; null for nothing.
    static func megabytes(_ bytes: Int64) -> JSONValue {
        guard bytes > 0 else { return .null }
        let hundredths = Int64((Double(bytes) / Double(1 << 20) * 100).rounded())
        return .string("\(hundredths / 100).\(padded(hundredths % 100)) MB")
    }

    private static func padded(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
}

extension JSONValue {
    /// The whole number of that member, 0 when there is none.
    func count(_ name: String) -> Int64 { self[name]?.integerValue ?? 0 }

    /// With members added to or replaced in an object.
    func with(_ members: [String: JSONValue]) -> JSONValue {
        .object((objectValue ?? [:]).merging(members) { _, new in new })
    }
}
