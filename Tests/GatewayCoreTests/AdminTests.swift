import DomainModel
import Foundation
import HTTPTypes
import NIOCore
import Testing
import WireProtocol

@testable import GatewayCore

/// Administrators' routes. REST contract, section 2.9.
@Suite struct AdminTests {
    static let adminKey = "an-administrators-key"
    static let header: HTTPFields = [.adminKey: adminKey]
    static let user = GatewayFixture.user.hex

    static var configuration: GatewayConfiguration {
        var configuration = GatewayConfiguration()
        configuration.adminKey = AdminKey(adminKey)
        return configuration
    }

    @Test("without a configured key the routes are closed, whatever is sent")
    func closed() async throws {
        try await GatewayFixture.with { gateway async throws in
            for headers in [[:], Self.header] {
                let answer = try await gateway.ask(.get, "/api/admin/verify", headers)
                #expect(answer.status == 503)
                #expect(answer.error == "Admin access not configured")
                #expect(answer.json["message"]?.stringValue?.isEmpty == false)
            }
        }
    }

    @Test("the key is asked for on every path below, and compared whole")
    func guarded() async throws {
        try await GatewayFixture.with(Self.configuration) { gateway async throws in
            for path in ["/api/admin/verify", "/api/admin/nothing", "/api//admin/users"] {
                let missing = try await gateway.ask(.get, path)
                #expect(missing.status == 401 && missing.error == "Admin authentication required")
                for wrong in ["", "an-administrators-ke", "an-administrators-key2"] {
                    let answer = try await gateway.ask(.get, path, [.adminKey: wrong])
                    #expect(answer.status == (wrong.isEmpty ? 401 : 403))
                    #expect(wrong.isEmpty || answer.error == "Invalid admin key")
                }
            }
            let byQuery = try await gateway.ask(.get, "/api/admin/verify?adminKey=\(Self.adminKey)")
            #expect(byQuery.status == 401)
            let good = try await gateway.ask(.get, "/api/admin/verify", Self.header)
            #expect(good.status == 200 && good.json["authenticated"] == .bool(true))
            #expect(try await gateway.ask(.post, "/api/admin/auth", Self.header).status == 200)
            #expect(try await gateway.ask(.get, "/api/admin/nothing", Self.header).status == 404)
            #expect(gateway.owner.requests.isEmpty)
        }
    }

    @Test("guesses are limited before they are compared")
    func limited() async throws {
        var configuration = Self.configuration
        configuration.adminRateLimit = 2
        try await GatewayFixture.with(configuration) { gateway async throws in
            for _ in 0..<2 { #expect(try await gateway.ask(.get, "/api/admin/verify", [.adminKey: "x"]).status == 403) }
            let answer = try await gateway.ask(.get, "/api/admin/verify", Self.header)
            #expect(answer.status == 429 && answer.error == "Too many admin requests")
            #expect(answer["RateLimit-Limit"] == "2" && answer["Retry-After"] != nil)
        }
    }

    @Test("an administrator's key is never printed")
    func redacted() throws {
        let key = try #require(AdminKey("secret-text"))
        #expect("\(key) \(String(reflecting: key))".contains("secret-text") == false)
        #expect(AdminKey("") == nil)
        #expect(key.isShort)
    }

    static let ownerRoutes: [(HTTPRequest.Method, String, String)] = [
        (.get, "/users/ID", Operation.Admin.getUser), (.delete, "/users/ID", Operation.Admin.deleteUser),
        (.get, "/users/ID/api-key", Operation.Admin.revealKey),
        (.post, "/users/ID/trigger-poll", Operation.Admin.pollUser),
        (.get, "/users/ID/upload-quota", Operation.Admin.getQuota),
        (.put, "/users/ID/upload-tier", Operation.Admin.setTier),
        (.put, "/users/ID/status", Operation.Admin.setStatus),
        (.get, "/users/ID/database", Operation.Admin.describeDatabase),
        (.get, "/users/ID/automation", Operation.Admin.describeAutomation),
        (.post, "/databases/ID/backup", Operation.Admin.backUp),
        (.get, "/databases/ID/backups", Operation.Admin.listBackups),
        (.post, "/databases/ID/restore", Operation.Admin.restoreBackup),
        (.post, "/databases/ID/vacuum", Operation.Admin.vacuum),
    ]

    @Test("what concerns one user goes to the user's worker", arguments: ownerRoutes)
    func owner(method: HTTPRequest.Method, path: String, operation: String) async throws {
        try await GatewayFixture.with(workers: 3, Self.configuration) { gateway async throws in
            let path = "/api/admin" + path.replacingOccurrences(of: "ID", with: Self.user)
            let answer = try await gateway.ask(method, path, key: nil, Self.header, body: method == .get ? nil : "{}")
            #expect(answer.status == 200)
            #expect(gateway.owner.lastRequest?.operation == operation)
            #expect(gateway.owner.lastRequest?.user == GatewayFixture.user)
            #expect(gateway.workers.map(\.requests.count).reduce(0, +) == 1)
            let bad = path.replacingOccurrences(of: Self.user, with: "xyz")
            let refused = try await gateway.ask(method, bad, key: nil, Self.header, body: method == .get ? nil : "{}")
            #expect(refused.status == 400 && refused.error == "Invalid authId format")
        }
    }

    @Test("broken JSON reaches no worker")
    func brokenJSON() async throws {
        try await GatewayFixture.with(workers: 2, Self.configuration) { gateway async throws in
            let path = "/api/admin/users/reactivate-api-keys"
            #expect(try await gateway.ask(.post, path, key: nil, Self.header, body: "{").status == 400)
            #expect(gateway.workers.allSatisfy { $0.requests.isEmpty })
        }
    }

    @Test("a backup comes through as a file")
    func download() async throws {
        try await GatewayFixture.with(Self.configuration) { gateway async throws in
            gateway.owner.answer { request in
                guard request.parameters["filename"] == "user_0a_1.db" else { return FakeWorker.refusal }
                let parts = AsyncThrowingStream<ByteBuffer, any Error> { parts in
                    for part in ["one", "two"] { parts.yield(ByteBuffer(string: part)) }
                    parts.finish()
                }
                return Response(status: 200, contentType: "application/octet-stream", body: .stream(parts))
            }
            let path = "/api/admin/databases/\(Self.user)/backup/user_0a_1.db"
            let answer = try await gateway.ask(.get, path, key: nil, Self.header)
            #expect(answer.text == "onetwo")
            #expect(answer["Content-Type"] == "application/octet-stream")
            #expect(answer["Content-Disposition"] == "attachment; filename=\"user_0a_1.db\"")
            #expect(answer["Cache-Control"] == "no-transform")
        }
    }

    // MARK: Gathered

    @Test("a page of users is one worker's rows with every owner's facts")
    func users() async throws {
        let ids = ["00", "80", "ff"].map { $0 + String(repeating: "0", count: 62) }
        try await GatewayFixture.with(workers: 2, Self.configuration) { gateway async throws in
            for worker in gateway.workers {
                worker.answer { request in
                    if request.operation == Operation.Admin.pageUsers {
                        #expect(request.parameters == ["limit": "1000", "search": "x"])
                        let rows = ids.map { "{\"auth_id\":\"\($0)\",\"status\":\"active\"}" }
                        return .json("{\"users\":[\(rows.joined(separator: ","))],\"pagination\":{\"total\":3}}")
                    }
                    #expect(request.operation == Operation.Admin.userFacts)
                    // The last user's owner knows nothing of it any more.
                    let asked = ids.dropLast().filter { request.bodyText.contains($0) }
                    let facts = asked.map { "\"\($0)\":{\"is_online\":true,\"db_size\":\($0.hasPrefix("8") ? 8 : 1)}" }
                    return .json("{\"facts\":{\(facts.joined(separator: ","))}}")
                }
            }
            let answer = try await gateway.ask(
                .get, "/api/admin/users?limit=5000&search=x&other=1", key: nil, Self.header)
            #expect(answer.status == 200)
            let rows = try #require(answer.json["users"]?.arrayValue)
            #expect(rows.map { $0["auth_id"]?.stringValue } == ids)
            #expect(rows.map { $0["db_size"]?.integerValue } == [1, 8, nil])
            #expect(rows.map { $0["is_online"]?.boolValue } == [true, true, false])
            #expect(answer.json["pagination"]?["total"] == .integer(3))
        }
    }

    @Test("who is online is asked of all workers first")
    func online() async throws {
        try await GatewayFixture.with(workers: 2, Self.configuration) { gateway async throws in
            for (number, worker) in gateway.workers.enumerated() {
                worker.answer { request in
                    guard request.operation == Operation.Admin.pageUsers else {
                        return .json("{\"ids\":[\"id\(number)\"]}")
                    }
                    #expect(request.bodyText.contains("id0") && request.bodyText.contains("id1"))
                    return .json("{\"users\":[],\"pagination\":{\"total\":0}}")
                }
            }
            let answer = try await gateway.ask(.get, "/api/admin/users?activity=online", key: nil, Self.header)
            #expect(answer.status == 200)
        }
    }

    @Test("counts are sums over all workers, and missing without one of them")
    func sums() async throws {
        try await GatewayFixture.with(workers: 3, Self.configuration, patience: .milliseconds(50)) {
            gateway async throws in
            for worker in gateway.workers {
                worker.answer { _ in .json("{\"online\":2,\"distribution\":{\"today\":1}}") }
            }
            let answer = try await gateway.ask(.get, "/api/admin/metrics/activity", key: nil, Self.header)
            #expect(answer.json["activity"]?["online"] == .integer(6))
            #expect(answer.json["activity"]?["distribution"]?["today"] == .integer(3))
            await gateway.workers[1].stop()
            let partial = try await gateway.ask(.get, "/api/admin/metrics/activity", key: nil, Self.header)
            #expect(partial.status == 503 && partial["Retry-After"] != nil)
        }
    }

    @Test("what one worker refuses is the answer")
    func refused() async throws {
        try await GatewayFixture.with(workers: 2, Self.configuration) { gateway async throws in
            for worker in gateway.workers { worker.answer { _ in .json(#"{"error":"Invalid authIds"}"#, status: 400) } }
            let answer = try await gateway.ask(
                .post, "/api/admin/users/reactivate-api-keys", key: nil, Self.header, body: #"{"authIds":5}"#)
            #expect(answer.status == 400 && answer.error == "Invalid authIds")
        }
    }

    @Test("fifty files are checked over all workers, and damage is critical")
    func diagnostics() async throws {
        try await GatewayFixture.with(workers: 3, Self.configuration) { gateway async throws in
            for worker in gateway.workers {
                worker.answer { _ in
                    .json(#"{"counts":{"missingFiles":1,"databaseIntegrityFailures":0},"issues":{"missingFiles":[1]}}"#)
                }
            }
            let answer = try await gateway.ask(.get, "/api/admin/diagnostics", key: nil, Self.header)
            #expect(answer.json["summary"]?["status"] == .string("warning"))
            #expect(answer.json["summary"]?["totalIssues"] == .integer(3))
            #expect(answer.json["issues"]?["missingFiles"]?.arrayValue?.count == 3)
            let limits = gateway.workers.compactMap { $0.lastRequest?.parameters["integrityLimit"].flatMap { Int($0) } }
            #expect(limits.reduce(0, +) == 50 && limits.count == 3)
            gateway.workers[0].answer { _ in .json(#"{"counts":{"databaseIntegrityFailures":1}}"#) }
            let damaged = try await gateway.ask(.get, "/api/admin/diagnostics", key: nil, Self.header)
            #expect(damaged.json["summary"]?["status"] == .string("critical"))
        }
    }

    @Test("settings are shown without secrets and never changed")
    func settings() async throws {
        try await GatewayFixture.with(Self.configuration) { gateway async throws in
            gateway.owner.answer { _ in .json(#"{"polling":{"max_concurrent_polls":12},"node_env":"production"}"#) }
            let answer = try await gateway.ask(.get, "/api/admin/config", key: nil, Self.header)
            #expect(answer.json["config"]?["polling"]?["max_concurrent_polls"] == .integer(12))
            #expect(answer.json["config"]?["rate_limiting"]?["admin_rate_limit_max"] == .integer(100))
            #expect(!answer.text.contains(Self.adminKey))
            let put = try await gateway.ask(.put, "/api/admin/config", key: nil, Self.header, body: "{}")
            #expect(put.status == 200 && put.json["success"] == .bool(false))
        }
    }
}

@Suite struct SharesTests {
    @Test("lists that are sorted give one sorted list, cut at the limit")
    func newest() {
        func rows(_ times: String...) -> [JSONValue] { times.map { .object(["at": .string($0)]) } }
        let merged = Shares.newest([rows("9", "5", "1"), rows("8", "7"), []], by: "at", limit: 4)
        #expect(merged.compactMap { $0["at"]?.stringValue } == ["9", "8", "7", "5"])
        #expect(Shares.newest([[], []], by: "at", limit: 3).isEmpty)
        #expect(Shares.newest([rows("1")], by: "at", limit: 0).isEmpty)
    }

    @Test("sums go through nested objects; texts and flags are the first worker's")
    func sum() {
        let one: JSONValue = .object(["n": .integer(1), "o": .object(["x": .number(0.5)]), "t": .string("a")])
        let two: JSONValue = .object(["n": .integer(2), "o": .object(["x": .integer(1)]), "t": .string("b")])
        let sum = Shares.sum([one, two, .null])
        #expect(sum["n"] == .integer(3) && sum["o"]?["x"] == .number(1.5) && sum["t"] == .string("a"))
    }

    @Test("rates and sizes read as in the contract")
    func texts() {
        #expect(Shares.percent(22, of: 25) == "88.00%")
        #expect(Shares.percent(0, of: 0) == "0.00%")
        #expect(Shares.megabytes(0) == .null)
        #expect(Shares.megabytes(1_289_748) == .string("1.23 MB"))
        #expect(SystemFigures.text(93_784) == "1d 2h 3m 4s")
        #expect(SystemFigures.text(0) == "0s")
    }
}
