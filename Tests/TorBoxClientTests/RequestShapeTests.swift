import DomainModel
import NIOHTTP1
import Synchronization
import Testing

@testable import TorBoxClient

/// What goes over the wire, call by call.
@Suite struct RequestShapeTests {
    private func request(
        answering answer: String = success("null"),
        _ call: @escaping @Sendable (TorBoxClient, TorBoxAccount) async -> Void
    ) async throws -> [ReceivedRequest] {
        var requests: [ReceivedRequest] = []
        let account = try TorBoxAccount.fixture()
        try await withClient(script: { _ in .reply(200, answer) }) { client, server in
            await call(client, account)
            requests = server.requests
        }
        return requests
    }

    @Test(
        "a list page is a GET with offset and limit, and asks past the cache only when fresh",
        arguments: [
            (AssetType.torrent, false, "/v1/api/torrents/mylist?offset=20&limit=7"),
            (.usenet, true, "/v1/api/usenet/mylist?bypass_cache=true&offset=20&limit=7"),
            (.webdl, true, "/v1/api/webdl/mylist?bypass_cache=true&offset=20&limit=7"),
        ])
    func list(asset: AssetType, fresh: Bool, target: String) async throws {
        let requests = try await request(answering: success("[]")) { client, account in
            let page = try? await client.list(asset, for: account, offset: 20, limit: 7, fresh: fresh)
            #expect(page?.items == [])
        }
        #expect(requests.map(\.target) == [target])
        #expect(requests.first?.method == "GET")
        #expect(requests.first?.body == "")
    }

    @Test("the queue is asked for by kind and always fresh")
    func queue() async throws {
        let requests = try await request(answering: success("[]")) { client, account in
            _ = try? await client.queue(.usenet, for: account)
        }
        #expect(
            requests.map(\.target) == ["/v1/api/queued/getqueued?type=usenet&bypass_cache=true&offset=0&limit=1000"])
    }

    @Test("one item is asked for by id and fresh")
    func item() async throws {
        let requests = try await request(answering: success(#"{"id":7,"name":"x"}"#)) { client, account in
            let item = try? await client.item(.webdl, id: 7, for: account)
            #expect(item?.key == ItemKey(asset: .webdl, id: 7))
            #expect(item?.name == "x")
        }
        #expect(requests.map(\.target) == ["/v1/api/webdl/mylist?id=7&bypass_cache=true"])
    }

    @Test("every request carries key, user agent and what it accepts")
    func headers() async throws {
        let requests = try await request { client, account in
            _ = await client.perform(.delete(ItemKey(asset: .torrent, id: 5)), for: account)
        }
        let headers = try #require(requests.first).headers
        #expect(headers["authorization"] == ["Bearer key-of-tests"])
        #expect(headers["user-agent"] == ["torbox-backend/1.2.3"])
        #expect(headers["accept"] == ["application/json"])
        #expect(headers["content-type"] == ["application/json"])
        #expect(headers["content-length"] == ["37"])
    }

    @Test("the account is asked for without its settings, which hold passwords")
    func user() async throws {
        let requests = try await request(
            answering: success(#"{"id":1,"plan":2,"premium_expires_at":"2026-08-20T10:00:00Z"}"#)
        ) { client, account in
            let user = try? await client.user(account)
            #expect(user?.plan == 2)
            #expect(user?.premiumExpiresAt?.iso8601 == "2026-08-20T10:00:00.000Z")
        }
        #expect(requests.map(\.target) == ["/v1/api/user/me"])
    }

    static let controls: [(ControlCall, String, String)] = [
        (
            .stopSeeding(ItemKey(asset: .torrent, id: 5)), "/v1/api/torrents/controltorrent",
            #"{"operation":"stop_seeding","torrent_id":5}"#
        ),
        (
            .delete(ItemKey(asset: .torrent, id: 5)), "/v1/api/torrents/controltorrent",
            #"{"operation":"delete","torrent_id":5}"#
        ),
        (
            .delete(ItemKey(asset: .usenet, id: 6)), "/v1/api/usenet/controlusenetdownload",
            #"{"operation":"delete","usenet_id":6}"#
        ),
        (
            .delete(ItemKey(asset: .webdl, id: 7)), "/v1/api/webdl/controlwebdownload",
            #"{"operation":"delete","webdl_id":7}"#
        ),
        (
            .delete(ItemKey(asset: .webdl, isQueued: true, id: 8)), "/v1/api/queued/controlqueued",
            #"{"operation":"delete","queued_id":8,"type":"webdl"}"#
        ),
        (
            .forceStart(ItemKey(asset: .torrent, isQueued: true, id: 9)), "/v1/api/queued/controlqueued",
            #"{"operation":"start","queued_id":9,"type":"torrent"}"#
        ),
    ]

    @Test("a change is one POST of its operation and id", arguments: controls)
    func control(call: ControlCall, path: String, body: String) async throws {
        let requests = try await request { client, account in
            #expect(await client.perform(call, for: account) == .done)
        }
        #expect(requests.map(\.method) == ["POST"])
        #expect(requests.map(\.target) == [path])
        #expect(requests.map(\.body) == [body])
    }

    @Test(
        "every answer is looked at in a turn of the caller's, and none is waited for in one",
        arguments: [(false, 1), (true, 3)])
    func turns(isAirlock: Bool, expected: Int) async throws {
        let turns = CountedTurns()
        let item = ItemKey(asset: .torrent, id: 5)
        let account = try TorBoxAccount.fixture()
        let answer = success(#"{"id":5,"name":"x","tags":[]}"#)
        try await withClient(script: { _ in
            #expect(turns.counts.withLock { $0.underWay } == 0)
            return .reply(200, answer)
        }) { client, server in
            let call = isAirlock ? ControlCall.setAirlock(item, true) : .delete(item)
            #expect(await client.perform(call, for: account, in: turns) == .done)
            #expect(server.requests.count == (isAirlock ? 2 : 1))
        }
        #expect(turns.counts.withLock { $0.begun } == expected)
    }

    private final class CountedTurns: WorkTurns {
        let counts = Mutex((begun: 0, underWay: 0))

        func work<Value>(_ body: () async throws -> Value) async rethrows -> Value {
            counts.withLock { $0 = ($0.begun + 1, $0.underWay + 1) }
            defer { counts.withLock { $0.underWay -= 1 } }
            return try await body()
        }
    }

    @Test(
        "what TorBox cannot do is refused without a call",
        arguments: [
            ControlCall.stopSeeding(ItemKey(asset: .usenet, id: 5)),
            .stopSeeding(ItemKey(asset: .torrent, isQueued: true, id: 5)),
            .forceStart(ItemKey(asset: .torrent, id: 5)),
            .setAirlock(ItemKey(asset: .torrent, isQueued: true, id: 5), true),
            .delete(ItemKey(asset: .torrent, id: 0)),
            .setAirlock(ItemKey(asset: .torrent, id: -1), true),
        ])
    func unsupported(call: ControlCall) async throws {
        let requests = try await request { client, account in
            guard case .refused(code: "UNSUPPORTED", _) = await client.perform(call, for: account) else {
                Issue.record("\(call) was not refused")
                return
            }
        }
        #expect(requests.isEmpty)
    }
}
