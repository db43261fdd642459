import Testing

@testable import TorBoxSimulator

@Suite struct CreateTests {
    private let key = SimulatorProbe.key
    private let hash = "0123456789abcdef0123456789abcdef01234567"

    private func form(_ fields: [(String, String)], file: String? = nil) -> String {
        var body = ""
        for (name, value) in fields {
            body += "--XX\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n"
        }
        if let file {
            body += "--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.torrent\"\r\n"
            body += "Content-Type: application/octet-stream\r\n\r\n\(file)\r\n"
        }
        return body + "--XX--\r\n"
    }

    private func create(
        _ probe: SimulatorProbe, _ fields: [(String, String)], file: String? = nil,
        at endpoint: SimulatorEndpoint = .torrentCreate
    ) async throws -> SimulatorProbe.Reply {
        try await probe.send(
            "POST", endpoint.path, body: form(fields, file: file), contentType: "multipart/form-data; boundary=XX")
    }

    @Test("a magnet becomes a row with its hash and name") func magnet() async throws {
        try await SimulatorProbe.run { probe in
            let reply = try await create(probe, [("magnet", "magnet:?xt=urn:btih:\(hash)&dn=My%20Film")])
            #expect(reply.status == 200)
            let row = try #require(reply.row)
            #expect(row.text("hash") == hash)
            let listed = try #require(try await probe.list(.torrentList).rows.first)
            #expect(listed.id == row.int("torrent_id"))
            #expect(listed.text("name") == "My Film")
        }
    }

    @Test("a torrent file is known by the hash of its info dictionary") func file() async throws {
        try await SimulatorProbe.run { probe in
            let info = "d6:lengthi5e4:name5:hello12:piece lengthi16384e6:pieces20:01234567890123456789e"
            let reply = try await create(probe, [], file: "d8:announce3:udp4:info\(info)e")
            #expect(reply.row?.text("hash") == SHA1.hex(Array(info.utf8)))
            #expect(probe.simulator.items(.torrent, of: key).first?.name == "hello")
            let broken = try await create(probe, [], file: "<html>")
            #expect(broken.error == "BOZO_TORRENT")
        }
    }

    @Test("url-encoded fields work as well") func urlEncoded() async throws {
        try await SimulatorProbe.run { probe in
            let body = "magnet=magnet%3A%3Fxt%3Durn%3Abtih%3A\(hash)&name=A+b"
            let reply = try await probe.send(
                "POST", SimulatorEndpoint.torrentCreate.path, body: body,
                contentType: "application/x-www-form-urlencoded")
            #expect(reply.row?.text("hash") == hash)
            #expect(probe.simulator.items(.torrent, of: key).first?.name == "A b")
        }
    }

    @Test("the same hash twice is a duplicate, listed or queued") func duplicate() async throws {
        try await SimulatorProbe.run { probe in
            let magnet = ("magnet", "magnet:?xt=urn:btih:\(hash.uppercased())")
            _ = try await create(probe, [magnet, ("as_queued", "true")])
            #expect(probe.simulator.queue(of: key).count == 1)
            let again = try await create(probe, [magnet])
            #expect(again.status == 400)
            #expect(again.error == "DUPLICATE_ITEM")
        }
    }

    @Test("without a free slot a create is queued, unless it is cached") func queued() async throws {
        try await SimulatorProbe.run(AccountSettings(activeLimit: 0, cachedHashes: [hash])) { probe in
            let waiting = try await create(probe, [("magnet", "magnet:?xt=urn:btih:\(String(hash.reversed()))")])
            #expect(waiting.row?.int("queued_id") == probe.simulator.queue(of: key).first?.id)
            let cached = try await create(probe, [("magnet", "magnet:?xt=urn:btih:\(hash)")])
            #expect(cached.row?.int("torrent_id") != nil)
            #expect(probe.simulator.items(.torrent, of: key).first?.downloadState == "cached")
        }
    }

    @Test("links become usenet and web rows, answered under their own keys") func links() async throws {
        try await SimulatorProbe.run { probe in
            let nzb = try await create(probe, [("link", "https://index.example/a.nzb")], at: .usenetCreate)
            #expect(nzb.row?.int("usenetdownload_id") != nil)
            let web = try await create(probe, [("link", "https://host.example/f.tar")], at: .webDownloadCreate)
            #expect(web.row?.int("webdownload_id") != nil)
            #expect(probe.simulator.items(.usenet, of: key).first?.name == "a.nzb")
            #expect(probe.simulator.items(.webDownload, of: key).first?.name == "f.tar")
        }
    }

    @Test("both sources, none, only-if-cached and a body of another type are refused") func refusals() async throws {
        try await SimulatorProbe.run { probe async throws in
            let magnet = ("magnet", "magnet:?xt=urn:btih:\(hash)")
            #expect(try await create(probe, [magnet], file: "de").error == "TOO_MANY_OPTIONS")
            #expect(try await create(probe, []).error == "MISSING_REQUIRED_OPTION")
            #expect(try await create(probe, [magnet, ("add_only_if_cached", "true")]).error == "DIFF_ISSUE")
            #expect(try await probe.post(.torrentCreate, "{}").status == 422)
            #expect(try await create(probe, [("magnet", "magnet:?xt=urn:btih:zz")]).error == "BOZO_TORRENT")
            #expect(probe.simulator.statistics.appliedEffects == 0)
        }
    }

    @Test("uncached creates show the hourly budget, cached ones the minute's") func budgets() async throws {
        let configuration = SimulatorConfiguration(
            clock: .standing(), rateLimits: RateLimits(perMinute: 300, createsPerHour: 2, createsPerMinute: nil))
        try await SimulatorProbe.run(AccountSettings(cachedHashes: [hash]), configuration: configuration) { probe in
            let cached = try await create(probe, [("magnet", "magnet:?xt=urn:btih:\(hash)")])
            #expect(cached.headers["x-ratelimit-limit"] == "300")
            for (digit, remaining) in [("1", "1"), ("2", "0")] {
                let magnet = "magnet:?xt=urn:btih:" + String(repeating: digit, count: 40)
                let reply = try await create(probe, [("magnet", magnet)])
                #expect(reply.headers["x-ratelimit-limit"] == "2")
                #expect(reply.headers["x-ratelimit-remaining"] == remaining)
            }
            let over = try await create(probe, [("magnet", "magnet:?xt=urn:btih:" + String(repeating: "3", count: 40))])
            #expect(over.status == 429)
            #expect(over.text == "{\"detail\":\"2 per 1 hour\"}")
            #expect(over.headers["retry-after"] == nil)
            #expect(over.headers["x-ratelimit-limit"] == nil)
        }
    }
}
