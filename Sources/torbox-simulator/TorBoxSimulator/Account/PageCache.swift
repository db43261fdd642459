/// Encoded pages of an account, kept until the second or an effect changes them.
struct PageCache: Sendable {
    struct Key: Hashable, Sendable {
        var kind: AssetKind
        var offset: Int
        var limit: Int
    }

    private struct Entry: Sendable {
        var revision: Int
        /// nil for a list that time alone does not change.
        var second: Int?
        var writtenAt: Int
        var body: [UInt8]
    }

    /// Pages kept per account: 20 cover a library of 20,000 rows.
    private static let capacity = 32
    private var entries: [Key: Entry] = [:]

    /// The page as it is at this second.
    func present(_ key: Key, revision: Int, second: Int) -> [UInt8]? {
        guard let entry = entries[key], entry.revision == revision, (entry.second ?? second) == second else {
            return nil
        }
        return entry.body
    }

    /// The page as it was up to `seconds` ago, which is what TorBox's own cache answers.
    func stale(_ key: Key, second: Int, within seconds: Int) -> [UInt8]? {
        guard seconds > 0, let entry = entries[key], second - entry.writtenAt < seconds else { return nil }
        return entry.body
    }

    mutating func store(_ body: [UInt8], for key: Key, revision: Int, second: Int, evolves: Bool) {
        if entries.count >= Self.capacity, entries[key] == nil { entries.removeAll() }
        entries[key] = Entry(revision: revision, second: evolves ? second : nil, writtenAt: second, body: body)
    }
}
