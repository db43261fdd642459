import HTTPTypes
import Hummingbird
import NIOCore
import Testing

@testable import GatewayCore

/// Queries and request bodies.
@Suite struct MessageTests {
    @Test("queries are decoded, plus is a space, the first of a name counts, empty counts as absent")
    func query() {
        let query = QueryString("a=1&a=2&b=x+y&c=%C3%A4%2B&d&e=&%66=g&bad=%zz")
        #expect(query["a"] == "1")
        #expect(query["b"] == "x y")
        #expect(query["c"] == "ä+")
        #expect(query["d"] == nil)
        #expect(query["e"] == nil)
        #expect(query["f"] == "g")
        #expect(query["bad"] == "%zz")
        #expect(QueryString(nil).parameters.isEmpty)
    }

    private func scan(_ text: String) throws -> JSONMembers {
        try JSONMembers.scan(ByteBuffer(string: text), for: ["apiKey", "authId"])
    }

    @Test("only top-level members are picked, escapes are understood, the last of a name counts")
    func members() throws {
        let text = #"{"x":{"apiKey":"inner"},"api\u004bey":"one","apiKey":"t\u0077o\n","list":[{"authId":"no"}]}"#
        let members = try scan(text)
        #expect(members["apiKey"] == .text("two\n"))
        #expect(members["authId"] == nil)
    }

    @Test(
        "null, false, zero and the empty text are as good as absent",
        arguments: ["null", "false", "0", "0.0", "\"\""])
    func emptyMembers(value: String) throws {
        #expect(try scan(#"{"apiKey":\#(value)}"#)["apiKey"] == nil)
    }

    @Test("anything else that is no text is noticed", arguments: ["true", "7", "[]", "{}"])
    func otherMembers(value: String) throws {
        #expect(try scan(#"{"apiKey":\#(value)}"#)["apiKey"] == .other)
    }

    @Test(
        "good documents pass",
        arguments: [
            "{}", "[]", " [1,-0.5e+10,true,false,null,\"\\u00e4\\\"\"] ", "{\"a\":{\"b\":[[[]]]}}",
            "{\"ä\":\"€\"}\r\n\t",
        ])
    func good(text: String) throws {
        _ = try scan(text)
    }

    @Test(
        "bad documents do not",
        arguments: [
            "{", "}", "[1,]", "{\"a\":}", "{\"a\" 1}", "{a:1}", "[01]", "[1.]", "[1e]", "[-]", "[+1]", "[tru]",
            "[\"\\x\"]",
            "[\"\\u12g4\"]", "[\"\n\"]", "[\"", "[1] 2", "null", "\u{feff}{}", "[NaN]", "{\"a\":1,}", "[\"\\u12",
        ])
    func bad(text: String) {
        #expect(throws: Problem.self) { try scan(text) }
    }

    @Test("nesting is bounded, so that no body can exhaust the stack")
    func nesting() throws {
        let depth = JSONScanner.maximumDepth
        _ = try scan(String(repeating: "[", count: depth) + String(repeating: "]", count: depth))
        #expect(throws: Problem.self) {
            try scan(String(repeating: "[", count: depth + 1) + String(repeating: "]", count: depth + 1))
        }
        #expect(throws: Problem.self) { try scan(String(repeating: "{\"a\":", count: 1_000_000)) }
    }

    @Test("bytes that are no UTF-8 are refused")
    func invalidUTF8() {
        let body = ByteBuffer(bytes: Array("{\"a\":\"".utf8) + [0xFF, 0xFE] + Array("\"}".utf8))
        #expect(throws: Problem.self) { try JSONMembers.scan(body, for: []) }
    }

    @Test("no sequence of bytes makes the scanner trap")
    func fuzz() {
        var generator = SeededGenerator(state: 42)
        let alphabet = Array("{}[]\",:\\u0e-+.1 tfn\u{80}a".utf8)
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 1...40, using: &generator)).map { _ in
                alphabet.randomElement(using: &generator) ?? 0
            }
            // Whether it is refused does not matter here, only that it returns.
            _ = try? JSONMembers.scan(ByteBuffer(bytes: bytes), for: ["a"])
        }
    }

    @Test("bodies over all connections have a bound, and give back what they took")
    func budget() async throws {
        let reader = RequestBodyReader(budget: BodyBudget(limit: 250_000))
        func request(_ bytes: Int) -> Request {
            Request(
                head: HTTPRequest(method: .post, scheme: "http", authority: "x", path: "/"),
                body: RequestBody(buffer: ByteBuffer(repeating: UInt8(ascii: " "), count: bytes)))
        }
        try await reader.withBody(of: request(200_000)) { body in
            #expect(body.readableBytes == 200_000)
            #expect(reader.budget.used == 200_000)
            await #expect(throws: Problem.busyReading) { try await reader.withBody(of: request(100_000)) { _ in } }
            try await reader.withBody(of: request(1_000)) { #expect($0.readableBytes == 1_000) }
        }
        #expect(reader.budget.used == 0)
    }

    @Test("the HTTP date has its one form")
    func date() {
        var second = 784_111_777
        #expect(HTTPDate.format(&second) == "Sun, 06 Nov 1994 08:49:37 GMT")
    }
}

/// The same numbers every time.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ (state >> 31)
    }
}
