import DomainModel
import HTTPTypes
import NIOCore
import Testing
import WireProtocol

@testable import GatewayCore

/// The upload routes: which operation, which limiter, what becomes of a file. REST contract, section 3.
@Suite struct UploadRouteTests {
    static let routes: [(HTTPRequest.Method, String, String, String?)] = [
        (.post, "/api/uploads/file", "uploads.stage-file", nil),
        (.delete, "/api/uploads/file", "uploads.delete-file", nil),
        (.post, "/api/uploads", "uploads.create", nil),
        (.post, "/api/uploads/batch", "uploads.create-batch", nil),
        (.get, "/api/uploads", "uploads.list", nil),
        (.get, "/api/uploads/7", "uploads.get", "7"),
        (.get, "/api/uploads/7/download", "uploads.download", "7"),
        (.post, "/api/uploads/bulk/retry", "uploads.retry-bulk", nil),
        (.post, "/api/uploads/7/retry", "uploads.retry", "7"),
        (.patch, "/api/uploads/reorder", "uploads.reorder", nil),
        (.delete, "/api/uploads/bulk", "uploads.delete-bulk", nil),
        (.delete, "/api/uploads/7", "uploads.delete", "7"),
    ]

    @Test("each route asks for its operation, words win over ids, and DELETE may have a body", arguments: routes)
    func route(method: HTTPRequest.Method, path: String, operation: String, id: String?) async throws {
        try await GatewayFixture.with { gateway async throws in
            let body = method == .get ? nil : #"{"ids":[1]}"#
            #expect(try await gateway.ask(method, path, body: body).status == 200)
            let request = try #require(gateway.owner.lastRequest)
            #expect(request.operation == operation)
            #expect(request.parameters["id"] == id)
            #expect(request.bodyText == body ?? "")
        }
    }

    @Test("a list's parameters go to the worker")
    func parameters() async throws {
        try await GatewayFixture.with { gateway async throws in
            _ = try await gateway.ask(.get, "/api/uploads?status=queued&type=usenet&search=a%20b&page=2&limit=5&x=1")
            #expect(
                gateway.owner.lastRequest?.parameters == [
                    "status": "queued", "type": "usenet", "search": "a b", "page": "2", "limit": "5",
                ])
        }
    }

    @Test("adding uploads has a limit of its own, with its figures on every answer")
    func limiter() async throws {
        var configuration = GatewayConfiguration()
        configuration.uploadRateLimit = 2
        try await GatewayFixture.with(configuration) { gateway async throws in
            for remaining in ["1", "0"] {
                let answer = try await gateway.ask(.post, "/api/uploads/batch", body: "{}")
                #expect(answer.status == 200)
                #expect(answer["RateLimit-Limit"] == "2" && answer["RateLimit-Remaining"] == remaining)
                #expect(answer["RateLimit-Policy"] == "2;w=900")
            }
            let over = try await gateway.ask(.post, "/api/uploads/file", body: "{}")
            #expect(over.status == 429 && over["Retry-After"] != nil && over.json["detail"]?.stringValue != nil)
            // The others go by the user's limiter.
            let list = try await gateway.ask(.get, "/api/uploads")
            #expect(list.status == 200 && list["RateLimit-Limit"] == "500")
        }
    }

    @Test("a file comes through as it is, under a name that ends neither quotes nor header")
    func download() async throws {
        try await GatewayFixture.with { gateway async throws in
            gateway.owner.answer { _ in
                Response(
                    status: 200, contentType: "application/x-nzb", fileName: "a\"\r\nSet-Cookie: x;é\\.nzb",
                    body: .bytes(ByteBuffer(string: "<nzb/>")))
            }
            let answer = try await gateway.ask(.get, "/api/uploads/7/download")
            #expect(answer.text == "<nzb/>" && answer["Content-Type"] == "application/x-nzb")
            #expect(answer["Content-Disposition"] == #"attachment; filename="a___Set-Cookie: x;__.nzb""#)
            #expect(answer["Set-Cookie"] == nil)
        }
    }
}
