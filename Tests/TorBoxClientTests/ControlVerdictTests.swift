import DomainModel
import Testing

@testable import TorBoxClient

@Suite struct ControlVerdictTests {
    private func verdict(_ status: Int, _ body: String, start: Bool = false) -> ControlResult {
        let call: ControlCall =
            start
            ? .forceStart(ItemKey(asset: .torrent, isQueued: true, id: 1)) : .delete(ItemKey(asset: .torrent, id: 1))
        return ControlVerdict.verdict(on: .fixture(status, body), to: call, retryAfter: .seconds(9))
    }

    private func envelope(_ success: String, _ error: String, _ detail: String = "\"d\"") -> String {
        #"{"success":\#(success),"error":\#(error),"detail":\#(detail),"data":null}"#
    }

    @Test(
        "success true with a 200 is done, whatever stands under error",
        arguments: ["null", "false", "true", "\"null\""])
    func done(error: String) {
        #expect(verdict(200, envelope("true", error)) == .done)
    }

    @Test("ITEM_NOT_FOUND means gone, with success false or true, and so does an envelope with 404")
    func gone() {
        #expect(verdict(404, envelope("true", "\"ITEM_NOT_FOUND\"")) == .alreadyGone)
        #expect(verdict(404, envelope("false", "\"ITEM_NOT_FOUND\"")) == .alreadyGone)
        #expect(verdict(400, envelope("false", "\"ITEM_NOT_FOUND\"")) == .alreadyGone)
        #expect(verdict(404, envelope("false", "null")) == .alreadyGone)
    }

    @Test("a 404 that is not TorBox's own does not mean gone")
    func foreign404() {
        #expect(verdict(404, "<html>") == .refused(code: "HTTP_404", detail: nil))
        #expect(verdict(404, #"{"detail":"Not Found"}"#) == .refused(code: "HTTP_404", detail: "Not Found"))
        #expect(
            verdict(404, envelope("false", "\"ENDPOINT_NOT_FOUND\""))
                == .refused(code: "ENDPOINT_NOT_FOUND", detail: "d"))
    }

    @Test("a code that is the caller's fault is a certain refusal at any status", arguments: [200, 400, 500])
    func refused(status: Int) {
        #expect(
            verdict(status, envelope("false", "\"INVALID_OPTION\"")) == .refused(code: "INVALID_OPTION", detail: "d"))
    }

    @Test("FastAPI's validation answer is a refusal with its list as detail")
    func validation() {
        #expect(
            verdict(422, #"{"detail":[{"type":"int"}]}"#) == .refused(code: "HTTP_422", detail: #"[{"type":"int"}]"#))
    }

    @Test(
        "in doubt the fate is unknown",
        arguments: [
            (500, "<html>"), (502, ""), (500, #"{"success":false,"error":"DATABASE_ERROR","detail":"","data":null}"#),
            (500, #"{"success":false,"error":"AUTH_ERROR","detail":"","data":null}"#),
            (400, #"{"success":false,"error":"UNKNOWN_ERROR","detail":"","data":null}"#),
            (400, #"{"success":false,"error":"NEVER_SEEN_BEFORE","detail":"","data":null}"#),
            (200, #"{"success":false,"error":null,"detail":"was queued","data":null}"#),
            (200, #"{"detail":"ok"}"#), (200, "<html>"), (200, ""), (200, "[]"), (302, ""), (408, ""),
            (404, #"{"success":true,"error":null,"data":null}"#),
        ])
    func unknown(status: Int, body: String) {
        guard case .unknown = verdict(status, body) else {
            Issue.record("\(status) \(body) gave \(verdict(status, body))")
            return
        }
    }

    @Test("a 429 is a limit, with or without an envelope")
    func limited() {
        #expect(verdict(429, #"{"detail":"60 per 1 hour"}"#) == .limited(retryAfter: .seconds(9)))
        #expect(verdict(429, "error code: 1015") == .limited(retryAfter: .seconds(9)))
    }

    @Test("401, and 403 with an authentication code, are about the key")
    func unauthorized() {
        #expect(verdict(401, "Unauthorized") == .unauthorized(code: "HTTP_401"))
        #expect(verdict(403, envelope("false", "\"AUTH_ERROR\"")) == .unauthorized(code: "AUTH_ERROR"))
        #expect(verdict(403, envelope("false", "\"BAD_TOKEN\"")) == .unauthorized(code: "BAD_TOKEN"))
        #expect(
            verdict(403, envelope("false", "\"PLAN_RESTRICTED_FEATURE\""))
                == .refused(code: "PLAN_RESTRICTED_FEATURE", detail: "d"))
        #expect(verdict(403, "<html>") == .refused(code: "HTTP_403", detail: nil))
    }

    @Test("the active limit is known by its code at any status, and by its text only for a start")
    func activeLimit() {
        let text = "\"You have reached your active download limit.\""
        #expect(verdict(200, envelope("false", "\"ACTIVE_LIMIT\"")) == .activeLimit(detail: "d"))
        #expect(
            verdict(500, envelope("false", "null", text), start: true)
                == .activeLimit(detail: "You have reached your active download limit."))
        guard case .unknown = verdict(500, envelope("false", "null", text)) else {
            Issue.record("a text decided about a delete")
            return
        }
    }
}
