import DomainModel
import NIOCore
import NIOHTTP1
import Testing
import TorBoxSimulator

@testable import TorBoxClient

@Suite struct CreateTests {
    private func verdict(
        _ status: Int, _ body: String, _ asset: AssetType = .torrent, retryAfter: Duration? = nil
    ) -> CreateResult {
        let answer = HTTPAnswer(status: status, headers: [:], body: ByteBuffer(string: body))
        return CreateVerdict.verdict(on: answer, of: asset, retryAfter: retryAfter)
    }

    @Test("a success names what was made, under each kind's own key, as number or text")
    func success() {
        let torrent = verdict(
            200,
            #"{"success":true,"error":null,"detail":"Found cached torrent.","data":{"torrent_id":5,"hash":"AB","auth_id":"u"}}"#
        )
        #expect(torrent == .created(CreatedDownload(id: 5, hash: "ab", authID: "u", wasCached: true)))
        let queued = verdict(
            200, #"{"success":true,"error":false,"detail":"Not cached, queued.","data":{"queued_id":6}}"#)
        #expect(queued == .created(CreatedDownload(queuedID: 6)))
        #expect(
            verdict(200, #"{"success":true,"data":{"usenetdownload_id":7}}"#, .usenet)
                == .created(CreatedDownload(id: 7)))
        #expect(
            verdict(200, #"{"success":true,"data":{"webdownload_id":"8"}}"#, .webdl) == .created(CreatedDownload(id: 8))
        )
        #expect(
            verdict(200, #"{"success":true,"error":null,"detail":"ok","data":null}"#) == .created(CreatedDownload()))
    }

    @Test(
        "only the word cached without a negation is a hit",
        arguments: [
            ("Found cached torrent", true), ("CACHED", true), ("Uncached torrent added", false),
            ("is not cached", false),
            ("isn't cached", false), ("has not been cached yet", false), ("added", false),
        ])
    func cachedWord(detail: String, isHit: Bool) { #expect(CreateVerdict.saysCached(detail) == isHit) }

    @Test("what is certain not to have been done is told apart from what nobody knows")
    func refusals() {
        func body(_ code: String) -> String { #"{"success":false,"error":"\#(code)","detail":"d","data":null}"# }
        #expect(verdict(400, body("DUPLICATE_ITEM")) == .duplicate)
        #expect(verdict(500, body("DUPLICATE_ITEM")) == .duplicate)
        #expect(verdict(400, body("BOZO_TORRENT")) == .refused(code: "BOZO_TORRENT", detail: "d"))
        #expect(verdict(403, body("PLAN_RESTRICTED_FEATURE")) == .refused(code: "PLAN_RESTRICTED_FEATURE", detail: "d"))
        #expect(verdict(422, #"{"detail":[]}"#) == .refused(code: "HTTP_422", detail: "[]"))
        #expect(verdict(413, "<html>") == .refused(code: "HTTP_413", detail: "the file is too large for TorBox"))
        #expect(verdict(403, body("BAD_TOKEN")) == .unauthorized(code: "BAD_TOKEN"))
        #expect(verdict(401, "{}") == .unauthorized(code: "HTTP_401"))
        #expect(verdict(429, #"{"detail":"60 per 1 hour"}"#) == .limited(retryAfter: nil, detail: "60 per 1 hour"))
        #expect(
            verdict(429, "error code: 1015", retryAfter: .seconds(60))
                == .limited(retryAfter: .seconds(60), detail: nil))
        let cooldown =
            #"{"success":false,"error":"COOLDOWN_LIMIT","data":{"cooldown_until":"2026-08-20T10:05:00Z","current_time":"2026-08-20T10:00:00+00:00"}}"#
        #expect(verdict(400, cooldown) == .limited(retryAfter: .seconds(300), detail: nil))
    }

    @Test(
        "doubt is never taken for a no",
        arguments: [
            (502, "<html>", true), (500, "", true), (200, "<html>", true), (200, #"{"success":false}"#, false),
            (500, #"{"success":false,"error":"ACTIVE_LIMIT","detail":"It was queued."}"#, false),
            (500, #"{"success":false,"error":"AUTH_ERROR"}"#, true),
            (500, #"{"success":false,"error":"DATABASE_ERROR"}"#, false),
            (400, #"{"success":false,"error":"SOMETHING_NEW"}"#, false), (404, "<html>", true), (302, "", false),
        ])
    func doubt(status: Int, body: String, isOutage: Bool) {
        guard case .unknown(_, let told) = verdict(status, body) else {
            Issue.record("\(status) \(body) was taken for \(verdict(status, body))")
            return
        }
        #expect(told == isOutage)
    }

    @Test("a form keeps every byte of a file, and a file name cannot end its header")
    func form() throws {
        let bytes = ByteBuffer(bytes: (0...255).map { UInt8($0) })
        let call = CreateCall(
            asset: .usenet, source: .file(bytes, name: "a\"\r\nX: y.nzb"), name: "n", password: "p")
        let request = CreateRequest.request(for: call)
        #expect(request.endpoint == .createUsenet && request.purpose == .create)
        let boundary = try #require(request.contentType.split(separator: "=").last)
        let text = String(decoding: try #require(request.body).readableBytesView, as: Unicode.ASCII.self)
        #expect(text.contains("filename=\"a%22%0D%0AX: y.nzb\""))
        #expect(text.hasSuffix("--\(boundary)--\r\n"))
        #expect(Array(try #require(request.body).readableBytesView).firstRange(of: (0...255).map { UInt8($0) }) != nil)
    }

    @Test("each kind sends its own fields")
    func fields() throws {
        func text(_ call: CreateCall) throws -> String {
            String(buffer: try #require(CreateRequest.request(for: call).body))
        }
        let torrent = try text(
            CreateCall(
                asset: .torrent, source: .magnet("magnet:?x"), seed: 3, allowsZip: false, asQueued: true,
                onlyIfCached: true))
        for (name, value) in [
            ("magnet", "magnet:?x"), ("seed", "3"), ("allow_zip", "false"), ("as_queued", "true"),
            ("add_only_if_cached", "true"),
        ] {
            #expect(torrent.contains("name=\"\(name)\"\r\n\r\n\(value)\r\n"))
        }
        let web = try text(CreateCall(asset: .webdl, source: .link("https://a"), password: "p"))
        #expect(web.contains("name=\"link\"") && web.contains("name=\"password\"") && !web.contains("allow_zip"))
        #expect(!web.contains("as_queued"))
    }
}
