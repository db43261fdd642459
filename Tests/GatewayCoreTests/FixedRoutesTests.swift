import HTTPTypes
import Testing
import WireProtocol

@testable import GatewayCore

/// Routes that are found without the router.
@Suite struct FixedRoutesTests {
    private static let fixed = RouteTable.all.filter(\.pathParameters.isEmpty)

    private func found(_ method: HTTPRequest.Method, _ target: String?) -> String? {
        var routes = FixedRoutes()
        for route in RouteTable.all { routes.add(route.method, route.path) { _, _ in throw CancellationError() } }
        return routes.route(of: HTTPRequest(method: method, scheme: nil, authority: nil, path: target))?.path
    }

    @Test("by their whole path, with a query and without") func whole() {
        #expect(Self.fixed.count > 10)
        for route in Self.fixed {
            for target in [route.path, route.path + "?", route.path + "?page=2&x=/a?b"] {
                #expect(found(route.method, target) == route.path)
            }
        }
    }

    @Test(
        "nothing else is found",
        arguments: [
            "/api/automation/rules/", "//api/automation/rules", "/api/automation/rules/1", "/API/automation/rules",
            "/api/automation/rule", "/api/automation/rules%3F", "/api/automation/rules#?", "", "?", "/", "*",
            "http://host/api/automation/rules",
        ] as [String])
    func others(target: String) { #expect(found(.get, target) == nil) }

    @Test("neither another method nor a request without a path") func otherMethods() {
        #expect(found(.head, "/api/automation/rules") == nil)
        #expect(found(.delete, "/api/automation/rules") == nil)
        #expect(found(.get, nil) == nil)
    }

    @Test("a spelling that only the router knows is asked for in the same way, under the same name")
    func sameAsRouter() async throws {
        try await GatewayFixture.with { gateway async throws in
            for route in Self.fixed where route.method == .get && route.answer == .document {
                for spelling in [route.path, route.path + "/"] {
                    let answer = try await gateway.ask(.get, spelling)
                    #expect(answer.status == 200 && gateway.owner.lastRequest?.operation == route.operation)
                }
                #expect(gateway.application.routes.contains("GET \(route.path)"))
            }
        }
    }
}
