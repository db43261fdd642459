import DomainModel
import HTTPTypes
import Logging
import NIOHTTP1
import NIOHTTPTypesHTTP1
import Testing
import WireProtocol

@testable import GatewayCore

/// REST contract, sections 0.1, 0.3 and 0.5.
@Suite struct TransportTests {
    private let rules = "/api/automation/rules"

    private var production: GatewayConfiguration {
        var configuration = GatewayConfiguration()
        configuration.isProduction = true
        return configuration
    }

    @Test("every answer carries a correlation id of eight hex digits, which the worker gets too")
    func correlation() async throws {
        try await GatewayFixture.with { gateway async throws in
            let answer = try await gateway.ask(.get, rules)
            let id = try #require(answer["X-Correlation-Id"])
            #expect(id.count == 8)
            #expect(id.allSatisfy { $0.isHexDigit })
            #expect(gateway.owner.lastRequest?.correlationID == id)
            #expect(try await gateway.ask(.get, "/nowhere")["X-Correlation-Id"]?.count == 8)
        }
    }

    @Test("an unknown route, a wrong method and an unknown api path are a 404 with the original URL")
    func notFound() async throws {
        try await GatewayFixture.with { gateway async throws in
            for (method, path) in [(HTTPRequest.Method.get, "/x?y=1"), (.patch, rules), (.get, "/api/none")] {
                let answer = try await gateway.ask(method, path)
                #expect(answer.status == 404)
                #expect(answer.error == "Endpoint not found")
                #expect(answer.json["path"] == .string(path))
                #expect(answer["Content-Type"]?.hasPrefix("application/json") == true)
            }
        }
    }

    @Test("security headers, our name and the time are on good and bad answers, each once")
    func fixedHeaders() async throws {
        try await ServiceFixture.with { fixture, _ async throws in
            let client = try await fixture.connect()
            for path in ["/health", "/nowhere", rules, "\u{0}"] {
                try await client.get(path)
                let answer = try await client.answer()
                #expect(answer["X-Content-Type-Options"] == "nosniff")
                #expect(answer["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains")
                #expect(answer["X-XSS-Protection"] == "0")
                #expect(answer["X-Powered-By"] == nil)
                #expect(answer["Server"] == "torbox-backend")
                #expect(answer["Date"]?.hasSuffix(" GMT") == true)
            }
        }
    }

    @Test("an answer's head has each header on a line, and no value can begin another")
    func lines() {
        let response = HTTPResponse(
            status: .created,
            headerFields: [
                .contentLength: "5", .contentType: "text/plain", .retryAfter: "1\r\nX-Evil: 1", .vary: "Origin",
            ])
        let head = HTTPMessages.head(response)
        #expect(head.status == .created)
        #expect(head.headers.map(\.name) == ["Content-Length", "Server"])
        let lines = (head.headers.first(name: "Server") ?? "").split(separator: "\r\n").dropFirst()
        let names = lines.map { $0.prefix { $0 != ":" } }
        #expect(names.count == 1 + 11 + 3)
        #expect(Set(names).count == names.count)
        #expect(names.suffix(3) == ["Content-Type", "Retry-After", "Vary"])
    }

    @Test(
        "a target is taken as it is, and one in absolute form by its path",
        arguments: [
            ("/health?a=b%20c", "/health?a=b%20c"), ("//health", "//health"), ("http://x/health?a=b", "/health?a=b"),
        ])
    func targets(target: String, path: String) throws {
        var head = HTTPRequestHead(version: .http1_1, method: .GET, uri: target)
        head.headers = ["Host": "x", "X-Api-Key": "k"]
        let request = try HTTPMessages.request(head)
        #expect(request.path == path)
        #expect(request.method == .get)
        #expect(request.authority == "x")
        #expect(request.headerFields[.apiKey] == "k")
        #expect(request.headerFields.count == 1)
        #expect(try request == HTTPRequest(head, secure: false, splitCookie: false))
    }

    @Test("a known origin is echoed, another one gets no permission but is served")
    func crossOrigin() async throws {
        try await GatewayFixture.with { gateway async throws in
            let known = try await gateway.ask(.get, "/health", [.origin: "http://localhost:3000"])
            #expect(known["Access-Control-Allow-Origin"] == "http://localhost:3000")
            #expect(known["Access-Control-Allow-Credentials"] == "true")
            #expect(known["Vary"] == "Origin")
            let foreign = try await gateway.ask(.get, "/health", [.origin: "http://evil.example"])
            #expect(foreign["Access-Control-Allow-Origin"] == nil)
            #expect(foreign.status == 200)
        }
    }

    @Test("a preflight on any path is a 204 that allows the methods and echoes the headers")
    func preflight() async throws {
        try await GatewayFixture.with { gateway async throws in
            let headers: HTTPFields = [
                .origin: "http://localhost:3000", .accessControlRequestMethod: "PUT",
                .accessControlRequestHeaders: "x-api-key,content-type",
            ]
            let answer = try await gateway.ask(.options, "/any/path", key: nil, headers)
            #expect(answer.status == 204)
            #expect(answer["Access-Control-Allow-Methods"] == "GET,HEAD,PUT,PATCH,POST,DELETE")
            #expect(answer["Access-Control-Allow-Headers"] == "x-api-key,content-type")
            #expect(answer.text.isEmpty)
        }
    }

    @Test("in production a request that came over plain HTTP is a 426, an unmarked one is fine")
    func tlsRequired() async throws {
        try await GatewayFixture.with(production) { gateway async throws in
            let refused = try await gateway.ask(.get, rules, [.forwardedProtocol: "http"])
            #expect(refused.status == 426)
            #expect(refused.error == "TLS required")
            #expect(try await gateway.ask(.get, rules).status == 200)
            #expect(try await gateway.ask(.get, rules, [.forwardedProtocol: "https"]).status == 200)
        }
        try await GatewayFixture.with { gateway async throws in
            #expect(try await gateway.ask(.get, rules, [.forwardedProtocol: "http"]).status == 200)
        }
    }

    @Test(
        "malformed JSON is a 400",
        arguments: ["{", "{\"rules\":[}", "nonsense", "{}x", "\"text\"", "7", " ", "{\"a\":01}", "{'a':1}"])
    func malformedJSON(body: String) async throws {
        try await GatewayFixture.with { gateway async throws in
            let answer = try await gateway.ask(.post, rules, [.contentType: "application/json"], body: body)
            #expect(answer.status == 400)
            #expect(answer.json["success"] == .bool(false))
            #expect(gateway.owner.requests.isEmpty)
        }
    }

    @Test("a good body reaches the worker byte for byte, and the worker's answer the client")
    func passThrough() async throws {
        try await GatewayFixture.with { gateway async throws in
            let reply = #"{ "success":true , "rules" : [ ] }"#
            gateway.owner.answer { _ in .json(reply) }
            let body = "{ \"rules\" : [ {\"name\":\"ä\\u00e4\", \"n\":1e3} ] }\n"
            let answer = try await gateway.ask(.post, rules, [.contentType: "application/json"], body: body)
            #expect(answer.text == reply)
            #expect(answer["Content-Type"] == "application/json; charset=utf-8")
            #expect(gateway.owner.lastRequest?.bodyText == body)
        }
    }

    @Test("an empty body with JSON content type is fine on POST, GET and DELETE")
    func emptyBodies() async throws {
        try await GatewayFixture.with { gateway async throws in
            let json: HTTPFields = [.contentType: "application/json"]
            #expect(try await gateway.ask(.post, rules, json, body: "").status == 200)
            #expect(try await gateway.ask(.post, rules, json).status == 200)
            #expect(try await gateway.ask(.get, rules, json).status == 200)
            #expect(try await gateway.ask(.delete, rules + "/7", json).status == 200)
        }
    }

    @Test("a DELETE may have a JSON body")
    func deleteWithBody() async throws {
        try await GatewayFixture.with { gateway async throws in
            let answer = try await gateway.ask(.delete, rules + "/7", body: #"{"ids":[1]}"#)
            #expect(answer.status == 200)
            #expect(gateway.owner.lastRequest?.bodyText == #"{"ids":[1]}"#)
        }
    }

    @Test("a body of another content type is ignored")
    func otherContentType() async throws {
        try await GatewayFixture.with { gateway async throws in
            let answer = try await gateway.ask(.post, rules, [.contentType: "text/plain"], body: "hello")
            #expect(answer.status == 200)
            #expect(gateway.owner.lastRequest?.bodyText == "")
        }
    }

    @Test("10 MiB pass, one byte more is a 413")
    func bodyLimit() async throws {
        try await GatewayFixture.with { gateway async throws in
            let frame = #"{"rules":""}"#
            let fitting = #"{"rules":"\#(String(repeating: "x", count: 10_485_760 - frame.utf8.count))"}"#
            #expect(try await gateway.ask(.post, rules, body: fitting).status == 200)
            let answer = try await gateway.ask(.post, rules, body: fitting + " ")
            #expect(answer.status == 413)
            #expect(answer.error == "Request body too large")
            #expect(answer["Connection"] == "close")
        }
    }

    @Test("a target over 16 KiB is a 414 and never reaches a wire header")
    func longTarget() async throws {
        try await GatewayFixture.with { gateway async throws in
            let answer = try await gateway.ask(
                .get, "/api/archived-downloads?search=" + String(repeating: "a", count: 17_000))
            #expect(answer.status == 414)
            #expect(gateway.owner.requests.isEmpty)
        }
    }

    @Test("a GET has a weak tag, and the same tag in If-None-Match makes it a 304")
    func entityTags() async throws {
        try await GatewayFixture.with { gateway async throws in
            let first = try await gateway.ask(.get, rules)
            let tag = try #require(first["ETag"])
            #expect(tag.hasPrefix("W/\""))
            let second = try await gateway.ask(.get, rules, [.ifNoneMatch: "\"x\", \(tag)"])
            #expect(second.status == 304)
            #expect(second.text.isEmpty)
            #expect(second["ETag"] == tag)
            #expect(try await gateway.ask(.get, rules, [.ifNoneMatch: "W/\"1-x\""]).status == 200)
        }
    }

    @Test("HEAD answers as GET without the body")
    func head() async throws {
        try await GatewayFixture.with { gateway async throws in
            let answer = try await gateway.ask(.head, "/health")
            #expect(answer.status == 200)
            #expect(answer.text.isEmpty)
            #expect(try await gateway.ask(.head, "/nowhere").text.isEmpty)
        }
    }

    @Test("an error nobody foresaw is a 500, neutral in production, logged once with the correlation id")
    func unforeseen() {
        struct Surprise: Error {}
        for (isProduction, text) in [(true, "Internal server error"), (false, "Surprise()")] {
            let recorder = LogRecorder()
            var logger = recorder.logger
            logger[metadataKey: "request.id"] = "c0ffee00"
            let problem = ProblemRenderer(isProduction: isProduction).problem(
                for: Surprise(), url: "/x", operation: "GET /x", logger: logger)
            #expect(problem.status == 500)
            #expect(problem.error == text)
            #expect(recorder.lines.count == 1)
            #expect(recorder.lines.first?.contains("request.id=c0ffee00") == true)
        }
    }

    @Test("a worker's refusal passes with its status, body and Retry-After")
    func refusal() async throws {
        try await GatewayFixture.with { gateway async throws in
            gateway.owner.answer { _ in
                var answer = FakeWorker.refusal
                answer.retryAfterSeconds = 7
                return answer
            }
            let answer = try await gateway.ask(.get, rules)
            #expect(answer.status == 409)
            #expect(answer["Retry-After"] == "7")
            #expect(answer.error == "no")
        }
    }
}
