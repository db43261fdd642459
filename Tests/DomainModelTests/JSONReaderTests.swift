import DomainModel
import Testing

@Suite struct JSONReaderTests {
    @Test("whole numbers of 64 bits keep every digit, others become doubles")
    func numbers() throws {
        #expect(try JSONValue(parsing: "9007199254740993") == .integer(9_007_199_254_740_993))
        #expect(try JSONValue(parsing: "-9223372036854775808") == .integer(.min))
        #expect(try JSONValue(parsing: "9223372036854775808") == .number(9_223_372_036_854_775_808))
        #expect(try JSONValue(parsing: "5.0") == .number(5))
        #expect(try JSONValue(parsing: "1E3") == .number(1_000))
        #expect(try JSONValue(parsing: "0.1") == .number(0.1))
    }

    @Test("a number beyond the range of doubles reads as null, as JavaScript would write it down")
    func overflow() throws {
        #expect(try JSONValue(parsing: "[1e400, -1e400]") == .array([.null, .null]))
    }

    @Test(
        "what the grammar does not allow is refused",
        arguments: [
            "", " ", "01", "1.", ".5", "+1", "1e", "-", "tru", "nul", "{", "[", "[1,]", "{\"a\":1,}", "{\"a\"}",
            "{a:1}",
            "\"", "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"", "\"a\nb\"", "1 2", "[1]]", "'a'", "NaN", "{\"a\":}", "[,1]",
            "\u{FEFF}1",
        ])
    func refused(text: String) {
        #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: text) }
    }

    @Test("escapes are read, pairs of surrogates joined, halves replaced")
    func escapes() throws {
        #expect(try JSONValue(parsing: #""a\"\\\/\b\f\n\r\tb""#) == .string("a\"\\/\u{8}\u{C}\n\r\tb"))
        #expect(try JSONValue(parsing: #""\u00e9\uD83D\uDE80""#) == .string("é🚀"))
        #expect(try JSONValue(parsing: #""\uD83D""#) == .string("\u{FFFD}"))
        #expect(try JSONValue(parsing: #""\uD83Dx\uDE80y""#) == .string("\u{FFFD}x\u{FFFD}y"))
        #expect(try JSONValue(parsing: #""\uD83D\u0041""#) == .string("\u{FFFD}A"))
    }

    @Test("a text that is not UTF-8 is refused, with and without an escape in it")
    func invalidUTF8() {
        for bytes: [UInt8] in [
            [0x22, 0xC3, 0x28, 0x22], [0x22, 0x5C, 0x6E, 0xFF, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22],
        ] {
            #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: bytes) }
        }
    }

    @Test("of a member given twice the last one counts")
    func duplicates() throws {
        #expect(try JSONValue(parsing: #"{"a":1,"a":2}"#) == .object(["a": .integer(2)]))
    }

    @Test("nesting is read to its limit and refused beyond")
    func depth() throws {
        let limit = JSONValue.maximumDepth
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(try JSONValue(parsing: nested(limit)).arrayValue?.count == 1)
        #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: nested(limit + 1)) }
        #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: String(repeating: "{\"a\":", count: 100_000)) }
    }

    @Test("a document that is cut off anywhere is refused")
    func truncated() throws {
        let bytes = Array(#"{"a":[1,2.5,"x\u00e9",true,null],"b":{"c":false}}"#.utf8)
        #expect(try JSONValue(parsing: bytes)["b"]?["c"] == .bool(false))
        for length in 0..<bytes.count {
            #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: Array(bytes[..<length])) }
        }
    }

    @Test("an error says where it was noticed")
    func offset() {
        #expect(throws: JSONSyntaxError(problem: "unexpected character", offset: 3)) { try JSONValue(parsing: "[1,x]") }
    }
}
