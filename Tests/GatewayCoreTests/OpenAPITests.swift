import DomainModel
import Foundation
import HTTPTypes
import Testing

@testable import GatewayCore

/// The document says what is served, neither less nor more, and its examples are what it says.
@Suite struct OpenAPITests {
    private static let methods = ["get", "put", "post", "delete", "patch"]

    private struct Described {
        var name: String
        var operation: JSONValue
    }

    /// `GET /api/tags/{id}` and what is said of it.
    private static func described(_ document: JSONValue) -> [Described] {
        (document["paths"]?.objectValue ?? [:]).flatMap { path, item in
            methods.compactMap { method in
                item[method].map { Described(name: "\(method.uppercased()) \(path)", operation: $0) }
            }
        }
    }

    @Test("every route that is served is described, and every route that is described is served")
    func routes() async throws {
        try await GatewayFixture.with { gateway async throws in
            let served = Set(
                gateway.application.routes.map { route in
                    route.split(separator: "/").map { $0.hasPrefix(":") ? "{\($0.dropFirst())}" : String($0) }
                        .joined(separator: "/")
                })
            let answer = try await gateway.ask(.get, "/openapi.json", key: nil)
            #expect(answer.status == 200)
            let described = Set(Self.described(answer.json).map(\.name))
            #expect(served.subtracting(described) == [], "not described")
            #expect(described.subtracting(served) == [], "not served")
            #expect(described.count > 60)
        }
    }

    @Test("every file of the document is part of it")
    func parts() throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Sources/api-gateway/GatewayCore/OpenAPI")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".json") }
        #expect(files.count == OpenAPIDocument.parts.count)
        let contents = try files.map { try Data(contentsOf: folder.appendingPathComponent($0)) }
        #expect(Set(contents) == Set(OpenAPIDocument.parts.map { Data($0) }))
    }

    @Test("two parts that describe the same path are refused")
    func duplicates() throws {
        let part: JSONValue = .object(["paths": .object(["/a": .object([:])])])
        #expect(throws: (any Error).self) { try OpenAPIDocument.combine([part, part]) }
    }

    @Test("every answer and body has an example that fits its schema")
    func examples() throws {
        let document = try OpenAPIDocument.make()
        let schema = JSONSchema(root: document)
        var checked = 0
        for described in Self.described(document) {
            let responses = described.operation["responses"]?.objectValue ?? [:]
            let bodies =
                responses.map { ($0.key, schema.resolved($0.value)) }
                + (described.operation["requestBody"].map { [("body", schema.resolved($0))] } ?? [])
            for (name, body) in bodies {
                let place = "\(described.name) \(name)"
                let content = try #require(body?["content"]?.objectValue, "\(place) says nothing about its content")
                for (type, media) in content {
                    let kind = try #require(media["schema"], "\(place) has no schema")
                    guard type == "application/json" else { continue }
                    let example = try #require(media["example"], "\(place) has no example")
                    #expect(schema.problems(example, kind) == [], "\(place)")
                    checked += 1
                }
            }
        }
        #expect(checked > 300)
    }

    @Test("every operation has a summary, a success, and the errors of its access")
    func errors() throws {
        for described in Self.described(try OpenAPIDocument.make()) {
            let operation = described.operation
            #expect(operation["summary"]?.stringValue?.isEmpty == false, "\(described.name)")
            let responses = operation["responses"]?.objectValue ?? [:]
            #expect(responses["200"] != nil, "\(described.name)")
            let security = (operation["security"]?.arrayValue ?? []).flatMap { ($0.objectValue ?? [:]).keys }
            let needed: [String] =
                switch security.first {
                case "apiKey": ["400", "401", "403", "404", "503"]
                case "adminKey": ["401", "403", "429", "503"]
                case "serviceSecret": ["401", "503"]
                default: []
                }
            #expect(needed.filter { responses[$0] == nil } == [], "\(described.name)")
            #expect(operation["requestBody"] == nil || responses["413"] != nil, "\(described.name)")
        }
    }

    @Test("every reference leads somewhere")
    func references() throws {
        let document = try OpenAPIDocument.make()
        let schema = JSONSchema(root: document)
        func visit(_ value: JSONValue) {
            #expect(schema.resolved(value) != nil, "\(value.compactText.prefix(100))")
            for element in value.arrayValue ?? [] { visit(element) }
            for member in (value.objectValue ?? [:]).values { visit(member) }
        }
        visit(document)
    }
}

/// The checker of examples can fail.
@Suite struct JSONSchemaTests {
    private static let schema: JSONValue = .object([
        "type": .string("object"), "required": .array([.string("a")]),
        "properties": .object([
            "a": .object(["type": .array([.string("integer"), .string("null")]), "minimum": .integer(1)]),
            "b": .object(["type": .string("array"), "items": .object(["enum": .array([.string("x")])])]),
        ]),
    ])

    @Test(
        "what does not fit is named",
        arguments: [
            (#"{"a":1,"b":["x"]}"#, true), (#"{"a":null}"#, true), (#"{}"#, false), (#"{"a":"1"}"#, false),
            (#"{"a":0}"#, false), (#"{"a":1,"b":["y"]}"#, false), (#"[]"#, false), (#"{"a":1.5}"#, false),
        ])
    func fits(text: String, fits: Bool) throws {
        let value = try JSONValue(parsing: text)
        #expect(JSONSchema(root: .null).problems(value, Self.schema).isEmpty == fits)
    }
}
