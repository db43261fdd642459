import DomainModel
import Foundation
import NIOHTTP1
import ServiceHarness
import Testing
import TorBoxSimulator

/// What the frontend does in a session, over real HTTP with its transport habits.
@Suite(.serialized, .timeLimit(.minutes(5))) struct FrontendSessionTests {
    private static let rule = """
        {"name":"tag it","enabled":true,"assetTypes":["torrent"],"trigger":{"type":"interval","value":30},\
        "logicOperator":"and","groups":[{"logicOperator":"and","_key":"g","conditions":[{"type":"NAME",\
        "operator":"contains","value":"Harbour","_key":"c"}]}],"action":{"type":"add_tag","tagIds":[TAG]},\
        "metadata":{"createdAt":1767900000000}}
        """

    private static let hash = String(repeating: "ab", count: 20)

    @Test(
        "a session: page load, tags, rules, views, protection, delete refused and done, archive, uploads, restore, logs, events"
    )
    func session() async throws {
        let library = [
            SimulatedItem.seeding("Harbour.2019", ratio: 2.5), SimulatedItem.seeding("Meadow.2020", ratio: 1),
        ]
        try await ContractService.run(library: library, settings: ["SSE_HEARTBEAT_INTERVAL_MS": "200"]) { service in
            let page = FrontendClient(rest: service.rest, key: ContractService.key)
            try await load(page)
            let listener = EventListener(baseURL: service.rest.baseURL, key: ContractService.key)
            defer { listener.stop() }
            #expect(try await eventually { listener.text.hasPrefix(": connected\n\n") && listener.status == 200 })

            let tag = try await automate(page)
            #expect(try await eventually { listener.text.contains(#"data: {"event":"tags_changed"}"#) })
            #expect(try await eventually { listener.text.contains(#"data: {"event":"changed"}"#) })
            let harbour = try await tagged(page, by: tag)
            try await keepViews(page)
            try await protect(page, harbour)
            #expect(try await eventually { listener.text.contains(#"data: {"event":"protection_changed"}"#) })
            try await archive(page, service, harbour)
            try await upload(page, service)
            try await restore(page, service)
            try await lookBack(page)
            #expect(try await eventually { listener.text.contains(": ping\n\n") })
            #expect(!listener.isOver)
        }
    }

    // MARK: Steps

    /// What every page does first.
    private func load(_ page: FrontendClient) async throws {
        #expect(try await page.raw(.GET, "/api/backend/status")["available"] == .bool(true))
        let ensured = try await page.raw(
            .POST, "/api/backend/api-key/ensure-db", #"{"apiKey":"\#(page.key)","pollInterval":5}"#)
        #expect(ensured["dbExists"] == .bool(true))
        #expect(ensured["wasCreated"] == .bool(false))
        let id = try #require(ensured["authId"]?.stringValue)
        try await page.raw(.POST, "/api/activity", nil, timeout: .seconds(10))
        for path in ["/api/automation/rules", "/api/custom-views", "/api/tags", "/api/downloads/tags"] {
            try await page.raw(.GET, "\(path)?authId=\(id)")
        }
        #expect(try await page.fetch(.GET, "/api/downloads/protect")["protected_ids"] == .array([]))
        try await page.raw(.GET, "/api/archived-downloads?page=1&limit=50&authId=\(id)", nil, timeout: .seconds(10))
        #expect(try await page.fetch(.GET, "/api/link-history?keyset=1&limit=1000")["data"] == .array([]))
    }

    /// Makes a tag and a rule that sets it; the rule runs by itself. Returns the tag's id.
    private func automate(_ page: FrontendClient) async throws -> Int64 {
        let tag = try #require(
            try await page.fetch(.POST, "/api/tags", #"{"name":"harbour"}"#)["tag"]?["id"]?.integerValue)
        let rule = Self.rule.replacing("TAG", with: "\(tag)")
        let saved = try await page.fetch(.POST, "/api/automation/rules", "{\"rules\":[\(rule)]}")
        #expect(saved["rules"]?.arrayValue?.first?["groups"]?.arrayValue?.first?["_key"] == .string("g"))
        return tag
    }

    /// The download that the rule has tagged.
    private func tagged(_ page: FrontendClient, by tag: Int64) async throws -> String {
        var mappings: [String: JSONValue] = [:]
        #expect(
            try await eventually {
                mappings = try await page.raw(.GET, "/api/downloads/tags")["mappings"]?.objectValue ?? [:]
                return mappings.count == 1
            })
        let first = try #require(mappings.first)
        #expect(first.value.arrayValue?.first?["id"]?.integerValue == tag)
        return first.key
    }

    private func keepViews(_ page: FrontendClient) async throws {
        let filters = #"{"logicOperator":"and","groups":[{"logicOperator":"and","filters":[]}]}"#
        var ids: [Int64] = []
        for name in ["One", "Two"] {
            let made = try await page.fetch(
                .POST, "/api/custom-views", "{\"name\":\"\(name)\",\"filters\":\(filters),\"asset_type\":\"torrents\"}")
            ids.append(try #require(made["view"]?["id"]?.integerValue))
        }
        try await page.fetch(.PATCH, "/api/custom-views/reorder", "{\"ids\":[\(ids[1]),\(ids[0])]}")
        let views = try await page.raw(.GET, "/api/custom-views")["views"]?.arrayValue ?? []
        #expect(views.compactMap { $0["name"]?.stringValue } == ["Two", "One"])
    }

    /// Protected, a download is not deleted; unprotected it may be.
    private func protect(_ page: FrontendClient, _ download: String) async throws {
        let path = "/api/downloads/protect"
        let ids = "\"download_ids\":[\(download)]"
        #expect(
            try await page.fetch(.PUT, path, "{\(ids),\"protected\":true}")["protected_ids"]
                == .array([.string(download)]))
        let refused = try await page.tryFetch(.POST, path + "/assert", "{\(ids),\"operation\":\"delete\"}")
        #expect(refused.status == 403)
        #expect(refused.json["blocked_ids"] == .array([.string(download)]))
        try await page.fetch(.PUT, path, "{\(ids),\"protected\":false}")
        let allowed = try await page.fetch(.POST, path + "/assert", "{\(ids),\"operation\":\"delete\"}")
        #expect(allowed["allowed"] == .array([.string(download)]))
    }

    /// The frontend archives at the backend and deletes at TorBox, with a 409 for what was archived before.
    private func archive(_ page: FrontendClient, _ service: ContractService, _ download: String) async throws {
        let row =
            "{\"torrent_id\":\(download),\"hash\":\"\(Self.hash)\",\"name\":\"Harbour.2019\"}"
        try await page.fetch(.POST, "/api/archived-downloads", row)
        #expect(try await page.tryFetch(.POST, "/api/archived-downloads", row).status == 409)
        try await delete(download, service)
        let bulk = try await page.fetch(.POST, "/api/archived-downloads/bulk", "{\"downloads\":[\(row)]}")
        #expect(bulk["data"]?["torrentIds"] == .array([.string(download)]))
        let archived = try await page.raw(.GET, "/api/archived-downloads?page=1&limit=50&search=harbour")
        #expect(archived["pagination"]?["total"]?.integerValue == 1)
        let id = try #require(archived["data"]?.arrayValue?.first?["id"]?.integerValue)
        #expect(
            try await page.fetch(.DELETE, "/api/archived-downloads/bulk", "{\"ids\":[\(id)]}")["success"] == .bool(true)
        )
    }

    /// A magnet link and a web link in one batch, a .torrent and an .nzb file; then the queue is watched until it is empty.
    private func upload(_ page: FrontendClient, _ service: ContractService) async throws {
        let magnet = "magnet:?xt=urn:btih:" + String(repeating: "c1", count: 20)
        let batch = try await page.fetch(
            .POST, "/api/uploads/batch",
            """
            {"uploads":[{"type":"torrent","upload_type":"magnet","name":"Concert","url":"\(magnet)"},\
            {"type":"webdl","upload_type":"link","name":"page","url":"https://example.org/file.bin"}]}
            """)
        #expect(batch["meta"]?["successful"]?.integerValue == 2)
        let torrent = "d4:infod6:lengthi1e4:name7:Evening12:piece lengthi16384e6:pieces20:aaaaaaaaaaaaaaaaaaaaee"
        try await uploadFile(page, torrent, "Evening.torrent", "torrent")
        try await uploadFile(page, "<?xml version=\"1.0\"?><nzb></nzb>", "News.nzb", "usenet")
        let isDone = try await eventually(within: .seconds(40)) {
            let list = try await page.fetch(.GET, "/api/uploads?status=completed&page=1&limit=50")
            return list["pagination"]?["total"]?.integerValue == 4
        }
        let queue = try await page.fetch(.GET, "/api/uploads")
        #expect(isDone, "the queue does not empty: \(queue.compactText)")
        let counts = try await page.fetch(.GET, "/api/uploads")["statusCounts"]?.objectValue ?? [:]
        #expect(counts["failed"]?.integerValue ?? 0 == 0)
        #expect(service.simulator.items(.usenet, of: ContractService.key).count == 1)
        #expect(service.simulator.items(.webDownload, of: ContractService.key).count == 1)
    }

    private func uploadFile(_ page: FrontendClient, _ content: String, _ name: String, _ type: String) async throws {
        let data = Data(content.utf8).base64EncodedString()
        let staged = try await page.fetch(
            .POST, "/api/uploads/file", "{\"file_data\":\"\(data)\",\"filename\":\"\(name)\",\"type\":\"\(type)\"}")
        let path = try #require(staged["data"]?["file_path"]?.stringValue)
        try await page.fetch(
            .POST, "/api/uploads",
            """
            {"type":"\(type)","upload_type":"file","name":"\(name)","file_path":"\(path)"}
            """)
    }

    /// What was archived comes back as a new upload of its hash.
    private func restore(_ page: FrontendClient, _ service: ContractService) async throws {
        let before = service.simulator.items(.torrent, of: ContractService.key).count
        try await page.fetch(
            .POST, "/api/uploads",
            """
            {"type":"torrent","upload_type":"magnet","name":"Harbour.2019","url":"magnet:?xt=urn:btih:\(Self.hash)"}
            """)
        #expect(
            try await eventually(within: .seconds(20)) {
                service.simulator.items(.torrent, of: ContractService.key).count == before + 1
            })
    }

    /// At TorBox itself, with the user's own key.
    private func delete(_ download: String, _ service: ContractService) async throws {
        let torBox = RESTClient(baseURL: service.simulator.baseURL)
        let answer = try await torBox.send(
            .POST, "/v1/api/torrents/controltorrent", json: "{\"torrent_id\":\(download),\"operation\":\"delete\"}",
            headers: [("authorization", "Bearer \(ContractService.key)"), ("user-agent", "frontend")])
        #expect(answer.status == 200, "\(answer.body)")
        #expect(service.simulator.items(.torrent, of: ContractService.key).count == 1)
    }

    private func lookBack(_ page: FrontendClient) async throws {
        let rule = try #require(
            try await page.raw(.GET, "/api/automation/rules")["rules"]?.arrayValue?.first?["id"]?.integerValue)
        let logs = try await page.raw(.GET, "/api/automation/rules/\(rule)/logs")["logs"]?.arrayValue ?? []
        #expect(logs.first?["items_processed"]?.integerValue == 1)
        let run = try await page.raw(.POST, "/api/automation/rules/\(rule)/run", nil, timeout: .seconds(30))
        #expect(run["result"]?["rateLimited"] == .bool(true))
        try await page.raw(.DELETE, "/api/automation/rules/\(rule)/logs")
        #expect(try await page.raw(.GET, "/api/automation/rules/\(rule)/logs")["logs"] == .array([]))
        let link = #"{"item_id":7,"file_id":1,"url":"https://x/y","asset_type":"torrents","status":"success"}"#
        try await page.fetch(.POST, "/api/link-history", link)
        let links = try await page.fetch(.GET, "/api/link-history?page=1&limit=50")
        let id = try #require(links["data"]?.arrayValue?.first?["id"]?.integerValue)
        try await page.fetch(.DELETE, "/api/link-history/\(id)")
        try await page.raw(.PUT, "/api/automation/rules/\(rule)", #"{"enabled":false}"#)
        try await page.raw(.DELETE, "/api/automation/rules/\(rule)")
        #expect(try await page.fetch(.POST, "/api/automation/rules", #"{"rules":[]}"#)["rules"] == .array([]))
    }

    @Test("streams end in order when the service stops, so that pages come back to the next one")
    func streamsEndAtStop() async throws {
        try await ContractService.run { service async throws in
            let listeners = (0..<5).map { _ in
                EventListener(baseURL: service.rest.baseURL, key: ContractService.key)
            }
            #expect(try await eventually { listeners.allSatisfy { $0.text.contains("connected") } })
            #expect(try await service.stop() == 0)
            #expect(try await eventually { listeners.allSatisfy(\.isOver) })
        }
    }
}
