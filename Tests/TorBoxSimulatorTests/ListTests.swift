import Testing

@testable import TorBoxSimulator

@Suite struct ListTests {
    @Test("a torrent row shows what the test stated, with TorBox's keys") func torrentRow() async throws {
        try await SimulatorProbe.run { probe in
            var item = SimulatedItem.seeding("Harbour \"2019\"\n夜", ratio: 2.5)
            item.tags = ["weekly"]
            item.airlocked = true
            let id = probe.simulator.add(item, to: SimulatorProbe.key)
            let reply = try await probe.list(.torrentList)
            #expect(reply.status == 200)
            #expect(reply.success == true)
            let row = try #require(reply.rows.first)
            #expect(row.id == id)
            #expect(row.text("name") == "Harbour \"2019\"\n夜")
            #expect(row.double("ratio") == 2.5)
            #expect(row.flag("active") == true)
            #expect(row.text("download_state") == "uploading")
            #expect(row.int("total_uploaded") == 2_500_000_000)
            #expect(row.text("created_at") == "2026-01-01T00:00:00Z")
            #expect(row.text("cached_at") == "2026-01-01T00:10:00Z")
            #expect(row.texts("tags") == ["weekly"])
            #expect(row.flag("airlocked") == true)
            #expect(row.text("magnet") == "magnet:?xt=urn:btih:\(item.hash)")
            #expect((row.fields["files"] as? [Any])?.count == 1)
        }
    }

    @Test("usenet and web rows lack what only torrents have, and web rows carry their error")
    func otherKinds() async throws {
        try await SimulatorProbe.run { probe in
            probe.simulator.add(.downloading("Signal", kind: .usenet), to: SimulatorProbe.key)
            probe.simulator.add(.failed("field.tar", kind: .webDownload), to: SimulatorProbe.key)
            let usenet = try #require(try await probe.list(.usenetList).rows.first)
            #expect(usenet.text("hash")?.utf8.count == 32)
            #expect(usenet.text("download_id")?.hasPrefix("SABnzbd_nzo_") == true)
            #expect(!usenet.has("ratio"))
            #expect(!usenet.has("seeds"))
            let web = try #require(try await probe.list(.webDownloadList).rows.first)
            #expect(web.text("error") == "the link is offline")
            #expect(!web.has("tracker"))
            #expect(try await probe.list(.torrentList).rows.isEmpty)
        }
    }

    @Test("overrides and omissions give any type for any key") func oddRows() async throws {
        try await SimulatorProbe.run { probe in
            var item = SimulatedItem("odd")
            item.overrides = ["ratio": "null", "active": "\"true\"", "size": "9007199254740993", "extra": "[1]"]
            item.omittedKeys = ["files", "tags"]
            probe.simulator.add(item, to: SimulatorProbe.key)
            let reply = try await probe.list(.torrentList)
            let row = try #require(reply.rows.first)
            #expect(row.isNull("ratio"))
            #expect(row.text("active") == "true")
            #expect(reply.text.contains("\"size\":9007199254740993"))
            #expect(row.has("extra"))
            #expect(!row.has("files"))
            #expect(!row.has("tags"))
        }
    }

    @Test("pages are newest first, joined without gap, and end with a short one") func paging() async throws {
        let library = SimulatedLibrary.generated(GeneratedLibrary(torrents: 25))
        try await SimulatorProbe.run(AccountSettings(library: library)) { probe in
            let all = try await probe.list(.torrentList).rows
            var paged: [SimulatorProbe.Row] = []
            for offset in stride(from: 0, through: 30, by: 10) {
                let page = try await probe.list(.torrentList, "bypass_cache=true&offset=\(offset)&limit=10").rows
                #expect(page.count == [10, 10, 5, 0][offset / 10])
                paged += page
            }
            #expect(all.count == 25)
            #expect(paged.map(\.id) == all.map(\.id))
            let dates = all.compactMap { $0.text("created_at") }
            #expect(dates == dates.sorted(by: >))
        }
    }

    @Test("a page never has more than 1000 rows") func greatestPage() async throws {
        let library = SimulatedLibrary.generated(GeneratedLibrary(torrents: 1_003))
        try await SimulatorProbe.run(AccountSettings(library: library)) { probe async throws in
            #expect(try await probe.list(.torrentList, "limit=5000").rows.count == 1_000)
            #expect(try await probe.list(.torrentList, "").rows.count == 1_000)
            #expect(try await probe.list(.torrentList, "offset=1000").rows.count == 3)
        }
    }

    @Test("with an id the data is one object, and an unknown id is not found") func oneRow() async throws {
        try await SimulatorProbe.run { probe in
            let id = probe.simulator.add(.completed("one"), to: SimulatorProbe.key)
            #expect(try await probe.list(.torrentList, "id=\(id)&bypass_cache=true").row?.id == id)
            let unknown = try await probe.list(.torrentList, "id=\(id + 1)")
            #expect(unknown.status == 404)
            #expect(unknown.error == "ITEM_NOT_FOUND")
        }
    }

    @Test("numbers that are none are refused as FastAPI does", arguments: ["id=x", "offset=-1", "limit=1.5"])
    func invalidNumbers(query: String) async throws {
        try await SimulatorProbe.run { probe in
            let reply = try await probe.list(.torrentList, query)
            #expect(reply.status == 422)
            #expect(reply.success == nil)
        }
    }

    @Test("an old list is answered only to callers that do not bypass the cache") func staleLists() async throws {
        let configuration = SimulatorConfiguration(clock: .standing(), rateLimits: .off, staleListSeconds: 120)
        try await SimulatorProbe.run(configuration: configuration) { probe async throws in
            #expect(try await probe.list(.torrentList, "").rows.isEmpty)
            probe.simulator.add(.completed("new"), to: SimulatorProbe.key)
            #expect(try await probe.list(.torrentList, "").rows.isEmpty)
            #expect(try await probe.list(.torrentList, "bypass_cache=True").rows.isEmpty)
            #expect(try await probe.list(.torrentList, "bypass_cache=true").rows.count == 1)
            probe.simulator.remove(.torrent, 1_001, from: SimulatorProbe.key)
            probe.simulator.clock.advance(seconds: 121)
            #expect(try await probe.list(.torrentList, "").rows.isEmpty)
            #expect(probe.simulator.statistics.violations == ["bypass_cache": 1])
        }
    }

    @Test("a row that a test changes or removes is so in the next list") func changes() async throws {
        try await SimulatorProbe.run { probe async throws in
            let id = probe.simulator.add(.downloading("a"), to: SimulatorProbe.key)
            #expect(probe.simulator.change(.torrent, id, of: SimulatorProbe.key) { $0.progress = 0.9 })
            #expect(try await probe.list(.torrentList).rows.first?.double("progress") == 0.9)
            #expect(probe.simulator.remove(.torrent, id, from: SimulatorProbe.key))
            #expect(!probe.simulator.remove(.torrent, id, from: SimulatorProbe.key))
            #expect(try await probe.list(.torrentList).rows.isEmpty)
        }
    }

    @Test("the user answers with the plan and the account's id, and settings are never shown") func user() async throws
    {
        try await SimulatorProbe.run(AccountSettings(plan: 3)) { probe in
            let row = try #require(try await probe.get(SimulatorEndpoint.user.path).row)
            #expect(row.int("plan") == 3)
            #expect(row.text("auth_id") == AccountIdentity(key: SimulatorProbe.key).authID)
            #expect(!row.has("settings"))
        }
    }
}
