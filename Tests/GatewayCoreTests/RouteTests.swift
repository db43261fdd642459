import DomainModel
import HTTPTypes
import Testing
import WireProtocol

@testable import GatewayCore

/// Which route asks the worker for what. REST contract, section 1.
@Suite struct RouteTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var method: HTTPRequest.Method
        var path: String
        var operation: String
        var parameters: [String: String] = [:]
        var testDescription: String { "\(method.rawValue) \(path)" }
    }

    static let userRoutes: [Case] = [
        Case(method: .get, path: "/api/automation/rules", operation: "rules.list"),
        Case(method: .post, path: "/api/automation/rules", operation: "rules.replace"),
        Case(method: .get, path: "/api/automation/rules/12", operation: "rules.get", parameters: ["id": "12"]),
        Case(
            method: .put, path: "/api/automation/rules/12abc", operation: "rules.set-enabled",
            parameters: ["id": "12abc"]),
        Case(method: .delete, path: "/api/automation/rules/%31", operation: "rules.delete", parameters: ["id": "1"]),
        Case(method: .get, path: "/api/automation/rules/3/logs", operation: "rules.logs", parameters: ["id": "3"]),
        Case(method: .get, path: "/api/automation/parked", operation: "parked.list"),
        Case(
            method: .post, path: "/api/automation/parked/7/approve", operation: "parked.approve",
            parameters: ["id": "7"]),
        Case(
            method: .post, path: "/api/automation/parked/7/reject", operation: "parked.reject",
            parameters: ["id": "7"]),
        Case(method: .get, path: "/api/archived-downloads", operation: "archive.list"),
        Case(
            method: .get, path: "/api/archived-downloads?page=2&limit=5&search=a+b%26c&other=x",
            operation: "archive.list", parameters: ["page": "2", "limit": "5", "search": "a b&c"]),
        Case(method: .post, path: "/api/archived-downloads", operation: "archive.add"),
        Case(method: .get, path: "/api/archived-downloads/4", operation: "archive.get", parameters: ["id": "4"]),
        Case(method: .delete, path: "/api/archived-downloads/4", operation: "archive.delete", parameters: ["id": "4"]),
    ]

    @Test("each user route asks the owner for its operation", arguments: userRoutes)
    func userRoute(route: Case) async throws {
        try await GatewayFixture.with(workers: 3) { gateway async throws in
            let body = route.method == .get ? nil : "{}"
            let answer = try await gateway.ask(route.method, route.path, body: body)
            #expect(answer.status == 200)
            #expect(answer["RateLimit-Limit"] == "500")
            let request = try #require(gateway.owner.lastRequest)
            #expect(request.operation == route.operation)
            #expect(request.parameters == route.parameters)
            #expect(request.user == GatewayFixture.user)
            #expect(request.epoch == 1)
            #expect(request.timeout > .seconds(100))
            #expect(gateway.workers.map(\.requests.count).reduce(0, +) == 1)
        }
    }

    @Test("registering takes the key from the body and sends it along with the body")
    func register() async throws {
        try await GatewayFixture.with { gateway async throws in
            let body = #"{"apiKey":"\#(GatewayFixture.key)","keyName":"mine"}"#
            let answer = try await gateway.ask(.post, "/api/backend/api-key", key: nil, body: body)
            #expect(answer.status == 200)
            #expect(answer["RateLimit-Limit"] != "500")
            let request = try #require(gateway.owner.lastRequest)
            #expect(request.operation == Operation.registerKey)
            #expect(request.credential == APIKey(GatewayFixture.key))
            #expect(request.user == GatewayFixture.user)
            #expect(request.bodyText == body)
        }
    }

    @Test("ensuring takes the key from the header, else from the body")
    func ensure() async throws {
        try await GatewayFixture.with { gateway async throws in
            let path = "/api/backend/api-key/ensure-db"
            #expect(try await gateway.ask(.post, path, body: #"{"apiKey":"another-key-0123456789"}"#).status == 200)
            #expect(gateway.owner.lastRequest?.credential == APIKey(GatewayFixture.key))
            let body = #"{"apiKey":"\#(GatewayFixture.key)"}"#
            #expect(try await gateway.ask(.post, path, key: nil, body: body).status == 200)
            #expect(gateway.owner.lastRequest?.operation == Operation.ensureUser)
            #expect(gateway.owner.lastRequest?.credential == APIKey(GatewayFixture.key))
        }
    }

    @Test("without a key both are a 400", arguments: ["{}", #"{"apiKey":""}"#, #"{"apiKey":null}"#, ""])
    func noKey(body: String) async throws {
        try await GatewayFixture.with { gateway async throws in
            for path in ["/api/backend/api-key", "/api/backend/api-key/ensure-db"] {
                let answer = try await gateway.ask(.post, path, key: nil, body: body)
                #expect(answer.status == 400)
                #expect(answer.error == "API key is required")
            }
        }
    }

    @Test("a key that no header could carry is refused before it reaches a worker")
    func untriableKey() async throws {
        try await GatewayFixture.with { gateway async throws in
            for key in ["with\\nnewline-in-the-key", String(repeating: "k", count: 5_000)] {
                let answer = try await gateway.ask(
                    .post, "/api/backend/api-key", key: nil, body: #"{"apiKey":"\#(key)"}"#)
                #expect(answer.status == 400)
                #expect(answer.error?.contains("Invalid") == true)
            }
            #expect(gateway.owner.requests.isEmpty)
        }
    }

    @Test("only routes that may be done twice are repeatable")
    func repeatable() {
        let repeatable = RouteTable.all.filter(\.isRepeatable).map(\.operation)
        // The whole list is posted, so a second time gives the same rules.
        #expect(repeatable.contains(Operation.replaceRules))
        #expect(!repeatable.contains(Operation.addArchived))
        #expect(!repeatable.contains(Operation.deleteArchived))
        #expect(RouteTable.all.filter { $0.method == .get }.allSatisfy { $0.isRepeatable })
        #expect(Set(RouteTable.all.map { "\($0.method) \($0.path)" }).count == RouteTable.all.count)
    }
}
