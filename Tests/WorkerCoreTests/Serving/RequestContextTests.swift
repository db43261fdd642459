import DomainModel
import Logging
import NIOCore
import Testing
import WireProtocol

@testable import WorkerCore

@Suite struct RequestContextTests {
    @Test(
        "a path id is a positive number, digits in front suffice",
        arguments: [
            ("1", 1), ("12abc", 12), ("007", 7), ("1.5", 1), ("9223372036854775807", .max), ("0", nil),
            ("-1", nil), ("+1", nil), ("", nil), ("abc", nil), (" 1", nil), ("９", nil), ("9223372036854775808", nil),
        ] as [(String, Int64?)])
    func pathID(text: String, id: Int64?) {
        #expect((try? context(["id": text]).pathID()) == id)
    }

    @Test("without a path id, and with a bad one, the answer is 400") func badPathID() {
        for parameters in [[:], ["id": "x"]] {
            #expect(performing: { try context(parameters).pathID() }, throws: { ($0 as? Refusal)?.status == 400 })
        }
    }

    @Test(
        "a number of the query is clamped, and nonsense counts as absent",
        arguments: [
            ("7", 7), ("0", 1), ("-3", 1), ("1001", 1_000), ("99999999999999999999", 50), ("7.5", 50), ("", 50),
            ("x", 50), (nil, 50),
        ] as [(String?, Int)])
    func queryNumber(text: String?, number: Int) {
        let context = context(text.map { ["limit": $0] } ?? [:])
        #expect(context.queryNumber("limit", default: 50, in: 1...1_000) == number)
    }

    @Test("no body is an empty object") func noBody() throws {
        #expect(try context([:], body: "").json() == .object([:]))
    }

    @Test(
        "a body that is no JSON object is refused with 400",
        arguments: [
            "{", "[1", "nope", "[]", "1", "null", "\u{0}", String(repeating: "[", count: 100_000),
        ])
    func badBody(body: String) {
        #expect(
            performing: { try context([:], body: body).jsonObject() }, throws: { ($0 as? Refusal)?.status == 400 })
    }

    private func context(_ parameters: [String: String], body: String = "") -> RequestContext {
        RequestContext(
            request: Request(
                operation: "test", timeout: .seconds(1), parameters: parameters, body: ByteBuffer(string: body)),
            user: .sample(1), logger: Logger(label: "test"))
    }
}
