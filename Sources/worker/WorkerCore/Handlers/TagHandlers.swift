import DomainModel
import RuleEngine
import UserStore
import WireProtocol

/// `/api/tags` and `/api/downloads/tags`.
struct TagHandlers: Sendable {
    let users: UserAccess
    let events: EventHub

    /// Characters of a name after trimming. Source: rest-api 2.3.
    static let longestName = 100
    /// Downloads and tags of one change. Source: rest-api 2.4.
    static let mostDownloads = 1_000
    static let mostTags = 100

    // MARK: Tags

    @concurrent func list(_ context: RequestContext) async throws -> Response {
        let rows = try await users.read(context.user) { try TagCatalogue.list($0) }
        return Reply.success { json in
            json.member("tags", array: { list in rows.forEach { Self.write($0, withUsage: true, to: &list) } })
        }
    }

    @concurrent func get(_ context: RequestContext) async throws -> Response {
        let id = try context.pathID()
        guard let row = try await users.read(context.user, { try TagCatalogue.get($0, id) }) else {
            throw Refusal(404, "Tag not found")
        }
        return Self.reply(with: row, withUsage: true)
    }

    @concurrent func create(_ context: RequestContext) async throws -> Response {
        let (name, now) = (try Self.name(in: context), users.now())
        let outcome = try await users.write(context.user) { try TagCatalogue.create($0, name: name, at: now) }
        return try Self.reply(to: outcome)
    }

    @concurrent func rename(_ context: RequestContext) async throws -> Response {
        let (id, name, now) = (try context.pathID(), try Self.name(in: context), users.now())
        let outcome = try await users.write(context.user) { try TagCatalogue.rename($0, id, to: name, at: now) }
        if case .named = outcome { events.publish(.tagsChanged, to: context.user) }
        return try Self.reply(to: outcome)
    }

    /// Rules that name the tag are switched off with it.
    @concurrent func delete(_ context: RequestContext) async throws -> Response {
        let (id, now) = (try context.pathID(), users.now())
        let rules = try await users.write(context.user) { db -> [RuleRow]? in
            guard try TagCatalogue.delete(db, id) else { return nil }
            let rules = try RuleRepository.list(db).map {
                PollRules.Entry(program: RuleProgram(RuleJSONForm.stored($0)), row: $0)
            }
            try OrphanedRules.switchOff(among: rules, db, at: now)
            return try RuleRepository.list(db)
        }
        guard let rules else { throw Refusal(404, "Tag not found") }
        try await users.rulesChanged(context.user, rules)
        events.publish(.tagsChanged, to: context.user)
        return Reply.success { $0.member("message", "Tag deleted") }
    }

    // MARK: Tags of downloads

    @concurrent func mappings(_ context: RequestContext) async throws -> Response {
        let rows = try await users.read(context.user) { try DownloadTagRepository.mappings($0) }
        let downloads = Dictionary(grouping: rows, by: \.download).sorted { $0.key < $1.key }
        return Reply.success(capacity: 64 + 64 * rows.count) { json in
            json.member(
                "mappings",
                object: { members in
                    for (download, tags) in downloads {
                        members.member(
                            download, array: { list in tags.forEach { Self.write($0.tag, $0.name, to: &list) } })
                    }
                })
        }
    }

    @concurrent func change(_ context: RequestContext) async throws -> Response {
        let body = try context.jsonObject()
        let downloads = try Self.downloads(body["download_ids"])
        let tags = try Self.tags(body["tag_ids"])
        let word = body["operation"]?.stringValue ?? (body["operation"] == nil ? "add" : "")
        guard let change = DownloadTagRepository.Change(rawValue: word) else {
            throw Refusal(400, "operation must be add, remove or replace")
        }
        let now = users.now()
        let isKnown = try await users.write(context.user) { db in
            guard try Set(tags).isSubset(of: TagRepository.existingTags(db)) else { return false }
            try DownloadTagRepository.change(db, change, downloads: downloads, tags: tags, at: now)
            return true
        }
        guard isKnown else { throw Refusal(400, "One or more tags do not exist") }
        events.publish(.tagsChanged, to: context.user)
        return Reply.success { $0.member("message", "Download tags updated") }
    }

    // MARK: Forms

    private static func name(in context: RequestContext) throws -> String {
        let name = (try context.jsonObject()["name"]?.stringValue ?? "").trimmed
        guard !name.isEmpty else { throw Refusal(400, "Tag name is required") }
        guard name.count <= longestName else {
            throw Refusal(400, "Tag name must be at most \(longestName) characters")
        }
        return name
    }

    private static func downloads(_ value: JSONValue?) throws -> [String] {
        let ids = (value?.arrayValue ?? []).map { element -> String? in
            if let number = element.integerValue { return number > 0 ? String(number) : nil }
            guard let text = element.stringValue, !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }) else {
                return nil
            }
            return text
        }
        guard !ids.isEmpty, ids.count <= mostDownloads, !ids.contains(nil) else {
            throw Refusal(400, "download_ids must be 1 to \(mostDownloads) numbers")
        }
        return try distinct(ids.compactMap(\.self), "download_ids")
    }

    private static func tags(_ value: JSONValue?) throws -> [Int64] {
        guard let elements = value?.arrayValue, elements.count <= mostTags else {
            throw Refusal(400, "tag_ids must be an array of at most \(mostTags) tag ids")
        }
        let ids = elements.compactMap(\.integerValue).filter { $0 > 0 }
        guard ids.count == elements.count else { throw Refusal(400, "tag_ids must be positive integers") }
        return try distinct(ids, "tag_ids")
    }

    private static func distinct<Element: Hashable>(_ elements: [Element], _ name: String) throws -> [Element] {
        guard Set(elements).count == elements.count else { throw Refusal(400, "\(name) must not repeat an id") }
        return elements
    }

    private static func reply(to outcome: TagCatalogue.NamingOutcome) throws -> Response {
        switch outcome {
        case .named(let row): return reply(with: row, withUsage: false)
        case .taken: throw Refusal(409, "Tag already exists")
        case .noSuchTag: throw Refusal(404, "Tag not found")
        }
    }

    private static func reply(with row: TagRow, withUsage: Bool) -> Response {
        Reply.success {
            $0.key("tag")
            write(row, withUsage: withUsage, to: &$0)
        }
    }

    private static func write(_ row: TagRow, withUsage: Bool, to json: inout JSONWriter) {
        json.object {
            $0.member("id", row.id)
            $0.member("name", row.name)
            $0.member("created_at", row.createdAt.sqliteText)
            $0.member("updated_at", row.updatedAt.sqliteText)
            if withUsage { $0.member("usage_count", row.usageCount) }
        }
    }

    private static func write(_ tag: Int64, _ name: String, to json: inout JSONWriter) {
        json.object {
            $0.member("id", tag)
            $0.member("name", name)
        }
    }
}
