import DomainModel

/// Lists of ids in request bodies.
enum IDList {
    /// So many row ids, each a positive whole number; else 400 with `complaint`.
    static func rows(_ value: JSONValue?, count: ClosedRange<Int>, _ complaint: String) throws -> [Int64] {
        guard let elements = value?.arrayValue, count.contains(elements.count) else { throw Refusal(400, complaint) }
        let ids = elements.compactMap(\.integerValue).filter { $0 > 0 }
        guard ids.count == elements.count else { throw Refusal(400, complaint) }
        return ids
    }

    /// So many ids of downloads as texts, without repetition, in the given order; else 400 with `complaint`.
    static func downloads(_ value: JSONValue?, count: ClosedRange<Int>, _ complaint: String) throws -> [String] {
        guard let elements = value?.arrayValue, count.contains(elements.count) else { throw Refusal(400, complaint) }
        let ids = elements.compactMap(\.idText)
        guard ids.count == elements.count else { throw Refusal(400, complaint) }
        var seen: Set<String> = []
        return ids.filter { seen.insert($0).inserted }
    }
}
