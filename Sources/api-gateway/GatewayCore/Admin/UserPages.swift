import DomainModel
import NIOCore
import Sharding
import WireProtocol

/// Pages of users: the rows come from any worker, who reads the registry they share; what only a user's owner knows is asked
/// of the owners of the users on the page. An owner that does not answer leaves its rows without, not out.
struct UserPages: Sendable {
    /// For what owners add. The page is worth more than they are.
    static let factsLimit: Duration = .seconds(5)

    let call: AdminCall

    static let parameters = [
        "page", "limit", "status", "search", "activity", "sort", "sortDirection", "direction",
    ]

    /// `{"users":[…],"pagination":{…},"sort":…,"sortDirection":…}`
    ///
    /// - Parameter overrides: parameters that are fixed for this page.
    func page(_ overrides: [String: String] = [:]) async throws -> JSONValue {
        var question = call.question(Operation.Admin.pageUsers, query: Self.parameters)
        question.parameters.merge(overrides) { _, fixed in fixed }
        if question.parameters["activity"] == "online" { question.body = try await onlineIDs() }
        let answer = try await call.workers.askAny(question, deadline: call.context.deadline)
        let page = try AdminCall.document(answer)
        let rows = page["users"]?.arrayValue ?? []
        let facts = await facts(of: rows.compactMap { $0["auth_id"]?.stringValue.flatMap { UserID($0) } })
        return page.with(["users": .array(Self.merge(facts, into: rows))])
    }

    /// Only owners know who is present right now.
    private func onlineIDs() async throws -> ByteBuffer {
        let shares = try await call.gather(Operation.Admin.onlineUsers)
        return JSONText.buffer(Shares.sum(shares))
    }

    private func facts(of users: [UserID]) async -> [String: JSONValue] {
        guard !users.isEmpty, let map = call.workers.board.current else { return [:] }
        let byOwner = Dictionary(grouping: users) { map.owner(of: $0) }
        let question = call.question(Operation.Admin.userFacts)
        let shares = await call.gatherSome(Self.factsLimit) { worker, _ in
            guard let ids = byOwner[worker] else { return nil }
            var question = question
            question.body = JSONText.buffer(["ids": ids.map(\.hex)])
            return question
        }
        return Shares.sum(shares.compactMap { $0["facts"] }).objectValue ?? [:]
    }

    /// What stands in a row whose owner is silent.
    private static let unknown: [String: JSONValue] = [
        "is_online": .bool(false), "db_size": .null, "db_exists": .null, "db_size_formatted": .null,
        "db_modified": .null,
    ]

    static func merge(_ facts: [String: JSONValue], into rows: [JSONValue]) -> [JSONValue] {
        rows.map { row in
            let known = row["auth_id"]?.stringValue.flatMap { facts[$0]?.objectValue }
            return row.with(known ?? unknown)
        }
    }
}
