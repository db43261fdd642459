import DomainModel
import NIOCore
import ServiceSupport

/// The OpenAPI 3.1 document, put together of one part for each resource. The parts lie beside this file.
///
/// A part has `paths`, and may have `tags` and schemas. What every operation of the same access can answer stands once in
/// `components.json`, under `x-every-operation`, and is added to each here. A route that no part describes, or a part that
/// describes no route, fails a test.
enum OpenAPIDocument {
    /// All parts, in the order of the document.
    static let parts: [[UInt8]] = [
        PackageResources.components_json, PackageResources.service_json, PackageResources.health_json,
        PackageResources.activity_json, PackageResources.rules_json, PackageResources.parked_json,
        PackageResources.archive_json,
        PackageResources.tags_json, PackageResources.views_json, PackageResources.links_json,
        PackageResources.protection_json, PackageResources.uploads_json, PackageResources.admin_automation_json,
        PackageResources.admin_databases_json, PackageResources.admin_metrics_json, PackageResources.admin_system_json,
        PackageResources.admin_users_json,
    ]

    /// The document as JSON text. Throws when a part is no JSON or two parts say the same thing.
    static func make() throws -> JSONValue { try combine(try parts.map { try JSONValue(parsing: $0) }) }

    static func combine(_ parts: [JSONValue]) throws -> JSONValue {
        var document = OpenAPIParts()
        for part in parts { try document.add(part) }
        return .object([
            "openapi": .string("3.1.0"),
            "info": .object([
                "title": .string("TorBox Backend"), "version": .string(BuildVersion.text),
                "description": .string("What the TorBox Manager frontend speaks, and what administrators need."),
                "license": .object(["name": .string("AGPL-3.0-or-later"), "identifier": .string("AGPL-3.0-or-later")]),
            ]),
            "servers": .array([.object(["url": .string("/")])]), "tags": .array(document.tags),
            "paths": .object(document.paths), "components": .object(document.components.mapValues { .object($0) }),
        ])
    }
}

/// What the parts say, gathered.
private struct OpenAPIParts {
    struct Duplicate: Error, CustomStringConvertible {
        var description: String
    }

    private(set) var tags: [JSONValue] = []
    private(set) var paths: [String: JSONValue] = [:]
    private(set) var components: [String: [String: JSONValue]] = [:]
    /// Responses by the name of the access that every operation with it can give.
    private var common: [String: JSONValue] = [:]

    mutating func add(_ part: JSONValue) throws {
        tags += part["tags"]?.arrayValue ?? []
        common.merge(part["x-every-operation"]?.objectValue ?? [:]) { first, _ in first }
        for (path, item) in part["paths"]?.objectValue ?? [:] {
            guard paths[path] == nil else { throw Duplicate(description: "two parts describe \(path)") }
            paths[path] = .object((item.objectValue ?? [:]).mapValues(completed))
        }
        for (kind, entries) in part["components"]?.objectValue ?? [:] {
            try components[kind, default: [:]].merge(entries.objectValue ?? [:]) { _, _ in
                throw Duplicate(description: "two parts describe the same of \(kind)")
            }
        }
    }

    /// An operation with what every other of its access answers too.
    private func completed(_ member: JSONValue) -> JSONValue {
        guard let operation = member.objectValue, let responses = operation["responses"]?.objectValue else {
            return member
        }
        let names = (operation["security"]?.arrayValue ?? []).flatMap { ($0.objectValue ?? [:]).keys }
        let shared = common[names.first ?? "open"]?.objectValue ?? [:]
        return member.with(["responses": .object(responses.merging(shared) { own, _ in own })])
    }
}
