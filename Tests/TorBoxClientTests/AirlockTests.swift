import DomainModel
import Testing

@testable import TorBoxClient

@Suite struct AirlockTests {
    private func perform(_ asset: AssetType, row: String) async throws -> (ControlResult, [ReceivedRequest]) {
        var outcome: (ControlResult, [ReceivedRequest]) = (.done, [])
        let account = try TorBoxAccount.fixture()
        try await withClient(script: { $0.method == "GET" ? .reply(200, row) : .reply(200, success("null")) }) {
            let result = await $0.perform(.setAirlock(ItemKey(asset: asset, id: 5), true), for: account)
            outcome = (result, $1.requests)
        }
        return outcome
    }

    @Test("the row is read fresh first, and name, tags and hashes are sent back with the change")
    func keepsFields() async throws {
        let row =
            #"{"id":5,"name":" My item ","tags":["a",{"name":"b"}," "],"alternative_hashes":["ff"],"airlocked":false}"#
        let (result, requests) = try await perform(.torrent, row: success(row))
        #expect(result == .done)
        #expect(requests.map(\.method) == ["GET", "PUT"])
        #expect(
            requests.map(\.target) == [
                "/v1/api/torrents/mylist?id=5&bypass_cache=true", "/v1/api/torrents/edittorrent",
            ])
        #expect(
            requests.last?.body
                == #"{"airlocked":true,"alternative_hashes":["ff"],"name":"My item","tags":["a","b"],"torrent_id":5}"#)
    }

    @Test("usenet is edited under both names that its id is known by")
    func usenet() async throws {
        let (_, requests) = try await perform(.usenet, row: success(#"{"id":5,"name":"n"}"#))
        #expect(requests.last?.target == "/v1/api/usenet/editusenetdownload")
        #expect(
            requests.last?.body
                == #"{"airlocked":true,"alternative_hashes":[],"name":"n","tags":[],"usenet_download_id":5,"usenet_id":5}"#
        )
    }

    @Test("a blank name becomes one that TorBox accepts, and webdl uses webdl_id")
    func blankName() async throws {
        let (_, requests) = try await perform(.webdl, row: success(#"{"id":5,"name":"  "}"#))
        #expect(requests.last?.target == "/v1/api/webdl/editwebdownload")
        #expect(
            requests.last?.body
                == #"{"airlocked":true,"alternative_hashes":[],"name":"Download 5","tags":[],"webdl_id":5}"#)
    }

    @Test(
        "without a row that can be kept whole, nothing is edited",
        arguments: [
            (success(#"{"id":5,"name":"n","tags":"all of them"}"#), "refused"),
            (success(#"{"id":5,"name":"n","alternative_hashes":[5]}"#), "refused"),
            (success(#"{"id":6,"name":"another"}"#), "notSent"),
            (success("null"), "notSent"),
            (success("[]"), "notSent"),
            (#"{"success":false,"error":"ITEM_NOT_FOUND","detail":"","data":null}"#, "alreadyGone"),
            (#"{"success":false,"error":null,"detail":"","data":null}"#, "notSent"),
            ("<html>", "notSent"),
        ])
    func noEdit(row: String, expected: String) async throws {
        let (result, requests) = try await perform(.torrent, row: row)
        #expect("\(result)".hasPrefix(expected), "\(result)")
        #expect(requests.map(\.method) == ["GET"])
    }
}
