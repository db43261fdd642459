import DomainModel
import NIOHTTP1

/// One request and the answer that the contract wants, as a line of a table.
///
/// In path and body `{name}` stands for a value that an earlier exchange of the table kept.
struct Exchange: Sendable {
    var title: String
    var method: HTTPMethod
    var path: String
    var body: String?
    var headers: [(String, String)] = []
    /// Which key is sent; nil is none.
    var key: String? = ContractService.key
    var status = 200
    var shape: Shape
    /// Values for later exchanges: their names, and where they are (`tag.id`, `rules.0.id`).
    var keeps: [String: String] = [:]

    /// An exchange that succeeds: `success` is added to the shape's members.
    static func good(
        _ title: String, _ method: HTTPMethod, _ path: String, _ body: String? = nil, _ members: [String: Shape],
        keeps: [String: String] = [:]
    ) -> Exchange {
        let all = members.merging(["success": true]) { first, _ in first }
        return Exchange(
            title: title, method: method, path: path, body: body, shape: .object(all), keeps: keeps)
    }

    /// An exchange that is refused with `success` false, this error text (any when nil) and these further members.
    static func bad(
        _ title: String, _ method: HTTPMethod, _ path: String, _ body: String? = nil, _ status: Int,
        _ error: String? = nil, _ members: [String: Shape] = [:]
    ) -> Exchange {
        let text: Shape = error.map { .exactly(.string($0)) } ?? .text
        let all = members.merging(["success": false, "error": text, "detail": .optional(.text)]) { first, _ in first }
        return Exchange(
            title: title, method: method, path: path, body: body, status: status, shape: .object(all))
    }

    /// With what was kept put in.
    func filled(_ kept: [String: JSONValue]) -> Exchange {
        var filled = self
        for (name, value) in kept {
            let text = value.stringValue ?? value.compactText
            filled.path = filled.path.replacing("{\(name)}", with: text)
            filled.body = filled.body?.replacing("{\(name)}", with: text)
        }
        return filled
    }
}
