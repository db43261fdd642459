import DomainModel
import ItemDecoding
import Synchronization
import Testing

@testable import TorBoxClient

@Suite struct SnapshotTests {
    private static let notFound = #"{"success":true,"error":"ITEM_NOT_FOUND","detail":"none","data":null}"#

    /// A page of these ids, as the request asks for it.
    private static func cut(_ ids: [Int], _ request: ReceivedRequest) -> ScriptedAnswer {
        let offset = request.query("offset").flatMap { Int($0) } ?? 0
        let limit = request.query("limit").flatMap { Int($0) } ?? 0
        return .reply(200, success(rows(ids.dropFirst(offset).prefix(limit))))
    }

    private func snapshot(
        _ assets: Set<AssetType> = [.torrent], pageSize: Int = 1_000, script: @escaping ScriptedServer.Script,
        _ check: (Result<LibrarySnapshot, TorBoxError>, [ReceivedRequest]) throws -> Void
    ) async throws {
        let account = try TorBoxAccount.fixture()
        try await withClient(
            configure: {
                $0.pageSize = pageSize
                $0.pageOverlap = 2
            }, script: script
        ) { client, server in
            do {
                try check(.success(try await client.snapshot(of: assets, for: account)), server.requests)
            } catch let error as TorBoxError {
                try check(.failure(error), server.requests)
            }
        }
    }

    @Test("all kinds are read, in order, listed rows before queued ones")
    func everything() async throws {
        try await snapshot(
            [.webdl, .torrent, .usenet],
            script: { request in
                switch (request.path, request.query("type")) {
                case ("/v1/api/torrents/mylist", _): .reply(200, success(rows([3, 1])))
                case ("/v1/api/usenet/mylist", _): .reply(200, success("[]"))
                case ("/v1/api/webdl/mylist", _): .reply(200, success(rows([3])))
                case (_, "torrent"): .reply(200, success(rows([3])))
                default: .reply(200, success("[]"))
                }
            }
        ) { result, requests in
            let snapshot = try result.get()
            #expect(snapshot.items.map(\.key.description) == ["torrent:3", "torrent:1", "torrent:queued:3", "webdl:3"])
            #expect(snapshot.plainlyEmptyOrListed == [.torrent, .usenet, .webdl])
            #expect(snapshot.assets == [.torrent, .usenet, .webdl])
            #expect(snapshot.census.listed == 3)
            #expect(snapshot.census.queued == 1)
            #expect(snapshot.census.fields[.torrent]?[ItemField.name] == 2)
            // The torrent queue held something, so it was read again after the list.
            #expect(
                requests.map { $0.path.split(separator: "/").dropFirst(2).joined(separator: "/") } == [
                    "queued/getqueued", "torrents/mylist", "queued/getqueued", "queued/getqueued", "usenet/mylist",
                    "queued/getqueued", "webdl/mylist",
                ])
            #expect(requests.allSatisfy { $0.query("bypass_cache") == "true" })
        }
    }

    @Test("a list of many pages comes whole, each page overlapping the one before")
    func pages() async throws {
        let ids = Array(1...11)
        try await snapshot(
            pageSize: 5,
            script: { $0.path.hasSuffix("getqueued") ? .reply(200, success("[]")) : Self.cut(ids, $0) }
        ) { result, requests in
            let snapshot = try result.get()
            #expect(snapshot.items.map(\.key.id) == ids.map(Int64.init))
            #expect(
                requests.compactMap { $0.path.hasSuffix("mylist") ? $0.query("offset") : nil } == ["0", "3", "6", "9"])
        }
    }

    @Test("a list that shifts while it is read is read again, and comes whole")
    func shiftsOnce() async throws {
        let calls = Mutex(0)
        try await snapshot(
            pageSize: 5,
            script: { request in
                guard request.path.hasSuffix("mylist") else { return .reply(200, success("[]")) }
                let call = calls.withLock { calls in
                    calls += 1
                    return calls
                }
                // Row 1 goes after the first page was read.
                return Self.cut(Array((call == 1 ? 1 : 2)...8), request)
            }
        ) { result, _ in
            let snapshot = try result.get()
            #expect(snapshot.items.map(\.key.id) == Array(2...8))
            #expect(snapshot.census.rereads == 1)
        }
    }

    @Test("a list that keeps shifting is no snapshot")
    func shiftsForever() async throws {
        let calls = Mutex(0)
        try await snapshot(
            pageSize: 5,
            script: { request in
                guard request.path.hasSuffix("mylist") else { return .reply(200, success("[]")) }
                let call = calls.withLock { calls in
                    calls += 1
                    return calls
                }
                return Self.cut(Array(call...(call + 20)), request)
            }
        ) { result, requests in
            guard case .failure(let error) = result else {
                Issue.record("a shifting list was taken for whole")
                return
            }
            #expect(error.code == .incomplete)
            #expect(error.incompleteness == .unstable)
            #expect(requests.count { $0.path.hasSuffix("mylist") } == 6)
        }
    }

    @Test("an item that starts while the account is read is seen once, in the list")
    func promotion() async throws {
        let listed = Mutex(false)
        try await snapshot(script: { request in
            if request.path.hasSuffix("mylist") {
                listed.withLock { $0 = true }
                return .reply(200, success(#"[{"id":50,"hash":"AA"}]"#))
            }
            return .reply(200, success(listed.withLock { $0 } ? "[]" : #"[{"id":4,"hash":"aa"}]"#))
        }) { result, _ in
            let snapshot = try result.get()
            #expect(snapshot.items.map(\.key.description) == ["torrent:50"])
        }
    }

    @Test("an item caught between queue and list makes the kind be read again")
    func gap() async throws {
        let calls = Mutex(0)
        try await snapshot(script: { request in
            let call = calls.withLock { calls in
                calls += 1
                return calls
            }
            // Queued, then in neither, then listed.
            if request.path.hasSuffix("getqueued") {
                return .reply(200, success(call == 1 ? #"[{"id":4,"hash":"aa"}]"# : "[]"))
            }
            return .reply(200, success(call < 4 ? "[]" : #"[{"id":50,"hash":"aa"}]"#))
        }) { result, _ in
            let snapshot = try result.get()
            #expect(snapshot.items.map(\.key.description) == ["torrent:50"])
            #expect(snapshot.census.rereads == 1)
        }
    }

    @Test("usenet that is not found counts as empty, but not as a plain statement")
    func neverUsed() async throws {
        try await snapshot(
            [.torrent, .usenet],
            script: { request in
                if request.path.contains("usenet") { return .reply(404, Self.notFound) }
                return .reply(200, success("[]"))
            }
        ) { result, _ in
            let snapshot = try result.get()
            #expect(snapshot.items.isEmpty)
            #expect(snapshot.plainlyEmptyOrListed == [.torrent])
        }
    }

    @Test("torrents that are not found are no snapshot")
    func torrentsNotFound() async throws {
        try await snapshot(script: { request in
            request.path.hasSuffix("mylist") ? .reply(404, Self.notFound) : .reply(200, success("[]"))
        }) { result, _ in
            #expect(throws: TorBoxError.self) { try result.get() }
        }
    }

    static let oddLists: [(Int, String, TorBoxErrorCode, Incompleteness?)] = [
        (200, success("null"), .incomplete, .noData),
        (200, #"{"success":true}"#, .incomplete, .noData),
        (200, success("{}"), .incomplete, .notAList),
        (200, success("5"), .incomplete, .notAList),
        (200, #"{"data":[]}"#, .incomplete, .notSuccessful),
        (200, #"{"success":false,"data":[]}"#, .incomplete, .notSuccessful),
        (200, #"{"success":false,"error":"DATABASE_ERROR","data":[]}"#, .refused, nil),
        (200, success(#"[{"id":1},{"name":"no id"}]"#), .incomplete, .rowsWithoutID),
        (200, #"{"success":true,"data":[{"id":1}"#, .malformed, nil),
        (200, "<html>", .outage, nil),
        (500, #"{"success":false,"error":"AUTH_ERROR","data":null}"#, .outage, nil),
        (403, #"{"success":false,"error":"BAD_TOKEN","data":null}"#, .unauthorized, nil),
        (429, #"{"detail":"300 per 1 minute"}"#, .rateLimited, nil),
    ]

    @Test("anything but a plain list is an error and never an empty account", arguments: oddLists)
    func odd(status: Int, body: String, code: TorBoxErrorCode, what: Incompleteness?) async throws {
        try await snapshot(script: { request in
            request.path.hasSuffix("mylist") ? .reply(status, body) : .reply(200, success("[]"))
        }) { result, _ in
            guard case .failure(let error) = result else {
                Issue.record("\(body) was taken for a list")
                return
            }
            #expect(error.code == code)
            #expect(error.incompleteness == what)
        }
    }

    @Test("the moment of a snapshot is that of its beginning")
    func fetchedAt() async throws {
        let wall = Mutex(Timestamp(milliseconds: 1_000))
        let time = TimeSource(clock: ContinuousClock()) { wall.withLock { $0 } }
        let account = try TorBoxAccount.fixture()
        try await withClient(
            time: time,
            script: { _ in
                wall.withLock { $0.milliseconds += 50 }
                return .reply(200, success("[]"))
            }
        ) { client, _ in
            let snapshot = try await client.snapshot(of: [.torrent], for: account)
            #expect(snapshot.fetchedAt == Timestamp(milliseconds: 1_000))
        }
    }

    @Test("an item that TorBox does not know is nil, and a doubtful answer an error")
    func items() async throws {
        let account = try TorBoxAccount.fixture()
        let answer = Mutex(ScriptedAnswer.reply(404, Self.notFound))
        try await withClient(script: { _ in answer.withLock { $0 } }) { client, _ in
            let unknown = try await client.item(.torrent, id: 3, for: account)
            #expect(unknown == nil)
            for body in ["null", #"{"id":4}"#, "[]", #"{"name":"x"}"#] {
                answer.withLock { $0 = .reply(200, success(body)) }
                await #expect(throws: TorBoxError.self) { try await client.item(.torrent, id: 3, for: account) }
            }
            answer.withLock { $0 = .reply(200, success(#"[{"id":3,"progress":0.5}]"#)) }
            let known = try await client.item(.torrent, id: 3, for: account)
            #expect(known?.progress == 0.5)
        }
    }
}
