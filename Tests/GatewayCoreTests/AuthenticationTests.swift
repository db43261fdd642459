import DomainModel
import HTTPTypes
import Testing
import WireProtocol

@testable import GatewayCore

/// REST contract, section 0.2, steps 1 to 4.
@Suite struct AuthenticationTests {
    private let other = String(repeating: "ab", count: 32)
    private let path = "/api/automation/rules"

    private var lax: GatewayConfiguration {
        var configuration = GatewayConfiguration()
        configuration.requiresAPIKey = false
        return configuration
    }

    @Test("a key in x-api-key, as bearer token or in the body names the same user")
    func credentialPlaces() async throws {
        try await GatewayFixture.with { gateway async throws in
            let bearer: HTTPFields = [.authorization: "Bearer \(GatewayFixture.key)"]
            #expect(try await gateway.ask(.get, path).status == 200)
            #expect(try await gateway.ask(.get, path, key: nil, bearer).status == 200)
            let body = #"{"rules":[],"apiKey":"\#(GatewayFixture.key)"}"#
            #expect(try await gateway.ask(.post, path, key: nil, body: body).status == 200)
            #expect(gateway.owner.requests.map(\.user) == Array(repeating: GatewayFixture.user, count: 3))
            #expect(gateway.owner.requests.allSatisfy { $0.credential == nil })
        }
    }

    @Test("the header key wins over the bearer token and the body")
    func precedence() async throws {
        try await GatewayFixture.with { gateway async throws in
            let headers: HTTPFields = [.authorization: "Bearer another-key-0123456789"]
            let body = #"{"apiKey":"yet-another-key-0123456789"}"#
            #expect(try await gateway.ask(.post, path, headers, body: body).status == 200)
            #expect(gateway.owner.lastRequest?.user == GatewayFixture.user)
        }
    }

    @Test(
        "a key of the wrong form is a 400",
        arguments: [
            "short", "fifteen-letters", "has spaces in the middle", "quotes\"and'such-things", "käse-käse-käse-käse",
        ])
    func badKey(key: String) async throws {
        try await GatewayFixture.with { gateway async throws in
            let answer = try await gateway.ask(.get, path, key: key)
            #expect(answer.status == 400)
            #expect(answer.error == "Invalid API key format")
            #expect(gateway.owner.requests.isEmpty)
        }
    }

    @Test("an authorization of another scheme is a credential of the wrong form")
    func otherScheme() async throws {
        try await GatewayFixture.with { gateway async throws in
            let answer = try await gateway.ask(.get, path, key: nil, [.authorization: "Basic dXNlcjpwYXNzd29yZA"])
            #expect(answer.status == 400)
        }
    }

    @Test("a key may have white space around it, which counts in the hash")
    func untrimmedHash() throws {
        let key = " \(GatewayFixture.key)"
        #expect(CredentialFormat.isAcceptable(key))
        #expect(CredentialFormat.owner(of: key) != GatewayFixture.user)
        #expect(
            CredentialFormat.owner(of: "abc").hex
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }

    @Test("a declared authId that is not the key's is a 403, wherever it is declared")
    func foreignID() async throws {
        try await GatewayFixture.with { gateway async throws in
            let inQuery = try await gateway.ask(.get, path + "?authId=\(other)")
            let inBody = try await gateway.ask(.post, path, body: #"{"rules":[],"authId":"\#(other)"}"#)
            let inHeader = try await gateway.ask(.get, path, [.authID: other])
            let noText = try await gateway.ask(.post, path, body: #"{"rules":[],"authId":7}"#)
            for answer in [inQuery, inBody, inHeader, noText] {
                #expect(answer.status == 403)
                #expect(answer.error == "authId does not match API key")
            }
            #expect(gateway.owner.requests.isEmpty)
        }
    }

    @Test("the query's authId is looked at before the body's and the header's")
    func declarationOrder() async throws {
        try await GatewayFixture.with { gateway async throws in
            let own = GatewayFixture.user.hex
            let answer = try await gateway.ask(
                .post, path + "?authId=\(own)", [.authID: other], body: #"{"rules":[],"authId":"\#(other)"}"#)
            #expect(answer.status == 200)
        }
    }

    @Test("without a key the default is a 401 with detail, authId or not")
    func keyRequired() async throws {
        try await GatewayFixture.with { gateway async throws in
            let answer = try await gateway.ask(.get, path + "?authId=\(GatewayFixture.user.hex)", key: nil)
            #expect(answer.status == 401)
            #expect(answer.error == "API key required")
            #expect(answer.json["detail"]?.stringValue?.isEmpty == false)
            #expect(answer.json["success"] == .bool(false))
        }
    }

    @Test("with BACKEND_REQUIRE_API_KEY off a whole authId is an identity, anything else a 401")
    func legacyMode() async throws {
        try await GatewayFixture.with(lax) { gateway async throws in
            let id = GatewayFixture.user.hex
            #expect(try await gateway.ask(.get, path + "?authId=\(id)", key: nil).status == 200)
            #expect(try await gateway.ask(.get, path, key: nil, [.authID: id]).status == 200)
            #expect(try await gateway.ask(.post, path, key: nil, body: #"{"authId":"\#(id)"}"#).status == 200)
            for query in ["", "?authId=", "?authId=\(id.uppercased())", "?authId=\(id.dropLast())"] {
                let answer = try await gateway.ask(.get, path + query, key: nil)
                #expect(answer.status == 401)
                #expect(answer.error == "API key or authId required")
            }
        }
    }

    @Test("internal routes are open without a secret, and closed to all but its bearer with one")
    func internalGuard() async throws {
        try await GatewayFixture.with { gateway async throws in
            gateway.owner.answer { _ in .json(#"{"activeUsers":1}"#) }
            #expect(try await gateway.ask(.get, "/api/backend/api-key/status", key: nil).status == 200)
        }
        var guarded = GatewayConfiguration()
        guarded.serviceSecret = ServiceSecret("  a-secret-of-24-letters-x ")
        try await GatewayFixture.with(guarded) { gateway async throws in
            gateway.owner.answer { _ in .json(#"{"activeUsers":1}"#) }
            let routes: [(HTTPRequest.Method, String)] = [
                (.get, "/api/backend/api-key/status"), (.post, "/api/backend/api-key"),
                (.post, "/api/backend/api-key/ensure-db"),
            ]
            for (method, path) in routes {
                let body = method == .post ? #"{"apiKey":"\#(GatewayFixture.key)"}"# : nil
                for wrong: HTTPFields in [[:], [.serviceSecret: "a-secret-of-24-letters-y"], [.serviceSecret: "a"]] {
                    let answer = try await gateway.ask(method, path, key: nil, wrong, body: body)
                    #expect(answer.status == 401)
                    #expect(answer.error == "Unauthorized")
                }
                let right: HTTPFields = [.serviceSecret: "a-secret-of-24-letters-x"]
                #expect(try await gateway.ask(method, path, key: nil, right, body: body).status == 200)
            }
        }
    }
}
