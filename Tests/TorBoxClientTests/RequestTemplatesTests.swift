import AsyncHTTPClient
import Foundation
import NIOHTTP1
import Testing

@testable import TorBoxClient

@Suite struct RequestTemplatesTests {
    private let templates = RequestTemplates(base: "https://api.example/v1")

    @Test("a request is for its method and target, the first time and again", arguments: [HTTPMethod.GET, .POST])
    func again(method: HTTPMethod) throws {
        for target in ["/api/torrents/mylist?limit=1000", "/api/user/me", "/api/torrents/mylist?limit=1000"] {
            let request = try templates.request(method, target)
            #expect(request.url.absoluteString == "https://api.example/v1" + target && request.method == method)
            #expect(request.headers.isEmpty && request.body == nil)
        }
        #expect(templates.count == 2)
    }

    @Test("what one call puts to its request is not in the next") func apart() throws {
        var first = try templates.request(.GET, "/api/user/me")
        first.headers.add(name: "authorization", value: "Bearer secret")
        #expect(try templates.request(.GET, "/api/user/me").headers.isEmpty)
    }

    @Test("so many are kept, and others are made each time") func bound() throws {
        for number in 0..<2 * RequestTemplates.most {
            let request = try templates.request(.GET, "/api/\(number)")
            #expect(request.url.absoluteString == "https://api.example/v1/api/\(number)")
        }
        #expect(templates.count == RequestTemplates.most)
    }

    @Test("what the HTTP client refuses is told each time") func refused() {
        let templates = RequestTemplates(base: "nonsense://")
        for _ in 0..<2 { #expect(throws: HTTPClientError.self) { try templates.request(.GET, "/api") } }
        #expect(templates.count == 0)
    }
}
