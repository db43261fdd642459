import DomainModel
import HTTPTypes
import NIOHTTP1
import ServiceHarness
import Testing

@testable import GatewayCore

/// The REST contract over real HTTP, route by route: status, body to the last member, types, headers, authentication.
@Suite(.serialized, .timeLimit(.minutes(5))) struct ContractTests {
    @Test("every exchange is answered as the contract says", arguments: ContractTable.all)
    func exchanges(table: ContractTable) async throws {
        try await ContractService.run(library: table.library, settings: table.settings) { service in
            var kept: [String: JSONValue] = [:]
            for exchange in table.exchanges {
                let exchange = exchange.filled(kept)
                let answer = try await service.rest.send(
                    exchange.method, exchange.path, key: exchange.key, json: exchange.body, headers: exchange.headers)
                let what = Comment(rawValue: "\(table.name): \(exchange.title): \(answer.body.prefix(500))")
                #expect(answer.status == exchange.status, what)
                #expect(exchange.shape.problems(in: answer.json, kept: kept) == [], what)
                #expect(headerProblems(answer, exchange) == [], what)
                for (name, place) in exchange.keeps {
                    let found: JSONValue = try #require(value(at: place, in: answer.json), "\(what) has no \(place)")
                    kept[name] = found
                }
            }
        }
    }

    @Test("a user route lets in nobody but its user, whatever the body", arguments: ContractTable.all)
    func authentication(table: ContractTable) async throws {
        let routes = userExchanges(table)
        guard !routes.isEmpty else { return }
        try await ContractService.run(settings: table.settings) { service in
            for exchange in routes {
                for variant in AuthVariant.refused {
                    let answer = try await variant.send(exchange, service.rest)
                    let what = Comment(rawValue: "\(exchange.method) \(exchange.path) \(variant.title): \(answer.body)")
                    #expect(answer.status == variant.status, what)
                    #expect(answer.json["success"] == .bool(false), what)
                    #expect(answer.json["error"] == .string(variant.error), what)
                    #expect(headerProblems(answer, exchange, isRefused: true) == [], what)
                }
                guard exchange.method == .GET else { continue }
                for variant in AuthVariant.accepted {
                    let answer = try await variant.send(exchange, service.rest)
                    #expect(
                        answer.status != 401 && answer.status != 403,
                        "\(exchange.path) \(variant.title): \(answer.body)")
                }
            }
        }
    }

    @Test("no route of a resource that has a table is left out of it")
    func coverage() {
        let routes = ContractTable.all.flatMap { $0.exchanges }.compactMap { RouteMatcher.route($0.method, $0.path) }
        let covered = Set(routes.map { "\($0.method) \($0.path)" })
        func resource(_ route: Route) -> Substring { route.path.split(separator: "/").dropFirst().first ?? "" }
        let resources = Set(routes.map(resource))
        #expect(resources.isSuperset(of: ["automation", "archived-downloads", "tags", "downloads", "custom-views"]))
        #expect(resources.isSuperset(of: ["link-history", "activity", "backend"]))
        for route in RouteTable.all where route.answer == .document && resources.contains(resource(route)) {
            #expect(covered.contains("\(route.method) \(route.path)"))
        }
    }

    // MARK: Parts

    /// One exchange for each user route of the table that answers with one document.
    private func userExchanges(_ table: ContractTable) -> [Exchange] {
        var seen: Set<String> = []
        return table.exchanges.compactMap { exchange in
            guard let route = RouteMatcher.route(exchange.method, exchange.path), case .user = route.access,
                seen.insert("\(route.method) \(route.path)").inserted
            else { return nil }
            var exchange = exchange
            exchange.path = exchange.path.replacing(#/\{\w+\}/#, with: "1")
            exchange.body = exchange.body?.replacing(#/\{\w+\}/#, with: "1")
            return exchange
        }
    }

    private func headerProblems(
        _ answer: RESTClient.Answer, _ exchange: Exchange, isRefused: Bool = false
    ) -> [String] {
        let headers = answer.headers
        var problems: [String] = []
        func require(_ condition: Bool, _ problem: String) { if !condition { problems.append(problem) } }
        require(headers.first(name: "content-type")?.hasPrefix("application/json") == true, "the body is no JSON")
        let correlation = headers.first(name: "x-correlation-id") ?? ""
        require(
            correlation.count == 8 && correlation.allSatisfy(\.isHexDigit), "X-Correlation-Id is not 8 hex digits")
        require(headers.first(name: "x-content-type-options") == "nosniff", "the security headers are missing")
        require(!headers.contains(name: "x-powered-by"), "X-Powered-By tells too much")
        if exchange.method == .GET, answer.status == 200 {
            require(headers.first(name: "etag")?.hasPrefix("W/\"") == true, "there is no weak ETag")
        }
        guard !isRefused, let route = RouteMatcher.route(exchange.method, exchange.path), exchange.key != nil else {
            return problems
        }
        let isLimited = headers.contains(name: "ratelimit-limit") && headers.contains(name: "ratelimit-remaining")
        // Refused before the route's limiter, which goes by user.
        let isCounted = route.limiter != .none && ![400, 401].contains(answer.status)
        require(!isCounted || isLimited, "the rate limit headers are missing")
        require(route.limiter != .none || !isLimited, "the route must not be limited")
        return problems
    }

    private func value(at place: String, in json: JSONValue) -> JSONValue? {
        place.split(separator: ".").reduce(json as JSONValue?) { value, step in
            guard let index = Int(step) else { return value?[String(step)] }
            guard let list = value?.arrayValue, list.indices.contains(index) else { return nil }
            return list[index]
        }
    }
}
