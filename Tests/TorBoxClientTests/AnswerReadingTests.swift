import DomainModel
import NIOCore
import Testing

@testable import TorBoxClient

@Suite struct AnswerReadingTests {
    private static func envelope(_ error: String, detail: String = "\"d\"") -> String {
        #"{"success":false,"error":\#(error),"detail":\#(detail),"data":null}"#
    }

    static let table: [(status: Int, body: String, code: TorBoxErrorCode?)] = [
        (200, #"{"success":true}"#, nil),
        (200, "\u{FEFF} {\"success\":true}", nil),
        (200, "<html>", .outage),
        (200, "", .outage),
        (200, "502 Bad Gateway", .outage),
        (200, "not found", .outage),
        (200, "[]", .malformed),
        (200, "null", .malformed),
        (302, "", .malformed),
        (400, envelope("\"INVALID_OPTION\""), .refused),
        (400, envelope("\"BAD_TOKEN\""), .unauthorized),
        (400, "nope", .outage),
        (401, "", .unauthorized),
        (401, "Unauthorized", .unauthorized),
        (401, "<html>", .outage),
        (403, envelope("\"AUTH_ERROR\""), .unauthorized),
        (403, envelope("\"NO_AUTH\""), .unauthorized),
        (403, envelope("\"BAD_TOKEN\""), .unauthorized),
        (403, envelope("\"PLAN_RESTRICTED_FEATURE\""), .planRestricted),
        (403, envelope("null"), .refused),
        (403, "<html>challenge", .outage),
        (404, envelope("\"ITEM_NOT_FOUND\""), .refused),
        (408, "", .timeout),
        (422, #"{"detail":[{"loc":["query","id"]}]}"#, .refused),
        (429, #"{"detail":"60 per 1 hour"}"#, .rateLimited),
        (429, "error code: 1015", .rateLimited),
        (400, envelope("\"RATE_LIMIT_EXCEEDED\""), .rateLimited),
        (500, envelope("\"AUTH_ERROR\""), .outage),
        (500, envelope("\"UNKNOWN_ERROR\""), .outage),
        (500, envelope("\"ACTIVE_LIMIT\""), .refused),
        (500, envelope("null", detail: "\"Too many active downloads\""), .refused),
        (500, envelope("\"null\""), .outage),
        (502, "Bad Gateway", .outage),
        (503, envelope("\"DOWNLOAD_SERVER_ERROR\""), .outage),
        (530, "", .outage),
    ]

    @Test("status and body together tell what an answer is about", arguments: table)
    func reads(status: Int, body: String, code: TorBoxErrorCode?) {
        let problem = AnswerReading.problem(.fixture(status, body), retryAfter: .seconds(3))
        #expect(problem?.code == code)
        #expect(problem == nil || problem?.status == status)
    }

    @Test("only connection, time-out and outage speak about TorBox as a whole")
    func outageEvidence() {
        let all: [TorBoxErrorCode] = [
            .connection, .timeout, .outage, .unauthorized, .planRestricted, .rateLimited, .incomplete, .refused,
            .malformed, .cancelled, .outOfTime,
        ]
        #expect(all.filter { TorBoxError($0, "").countsAsOutage } == [.connection, .timeout, .outage])
        #expect(!TorBoxError(.unauthorized, "").isRetryable)
        #expect(!TorBoxError(.incomplete, "").isRetryable)
        #expect(TorBoxError(.timeout, "").isRetryable)
    }

    @Test("an envelope is read with all its oddities")
    func envelopes() throws {
        func read(_ text: String) -> Envelope? { Envelope(ByteBuffer(string: text)) }
        #expect(read("[1]") == nil)
        #expect(read("{") == nil)
        #expect(read(#"{"error":false}"#)?.errorCode == nil)
        #expect(read(#"{"error":true}"#)?.errorCode == nil)
        #expect(read(#"{"error":"NULL"}"#)?.errorCode == nil)
        #expect(read(#"{"error":" X "}"#)?.errorCode == "X")
        #expect(read(#"{"success":"true"}"#)?.success == nil)
        #expect(read(#"{"success":1}"#)?.success == nil)
        #expect(read(#"{"detail":{"a":1}}"#)?.detail == #"{"a":1}"#)
        #expect(read(#"{"detail":null}"#)?.detail == nil)
        #expect(read(#"{"data":null}"#)?.data == .null)
        #expect(read("{}")?.data == nil)
        let long = try #require(read(#"{"detail":"\#(String(repeating: "x", count: 5_000))"}"#)?.detail)
        #expect(long.count == 300)
    }
}
