import DomainModel
import Foundation
import NIOCore
import Testing

@testable import WorkerCore

@Suite struct JSONWriterTests {
    @Test("every code point below 256 comes back as it was, in values and in names") func escapes() throws {
        for number in UInt8.min...UInt8.max {
            let text = "a" + String(UnicodeScalar(number)) + "b"
            let document = written { $0.object { $0.member(text, text) } }
            let read = try #require(parsed(document) as? [String: String])
            #expect(read == [text: text], "code point \(number)")
        }
    }

    @Test("control characters, quotes and backslashes are escaped, everything else is copied") func escapedForms() {
        #expect(
            written { $0.value("\"\\\n\r\t\u{0}\u{1f}\u{7f}/é\u{2028}🏴") } == #""\"\\\n\r\t\u0000\u001f"#
                + "\u{7f}/é\u{2028}🏴\"")
    }

    @Test("any text comes back, grapheme clusters across escapes included") func anyText() throws {
        var generator = SeededNumbers(seed: 3)
        let palette = [
            "\"", "\\", "\n", "\r\n", "\u{301}", "é", "e\u{301}", "👨‍👩‍👧", "\u{0}", "x", "\u{10ffff}", "\u{feff}",
        ]
        for _ in 0..<500 {
            let text = (0..<Int.random(in: 0..<12, using: &generator))
                .compactMap { _ in palette.randomElement(using: &generator) }.joined()
            // Not JSONSerialization, which drops U+FEFF.
            let document = written { $0.array { $0.value(text) } }
            let read = try JSONDecoder().decode([String].self, from: Data(document.utf8))
            #expect(read.first.map { Array($0.utf8) } == Array(text.utf8))
        }
    }

    @Test(
        "numbers are JSON, and what is no number becomes null",
        arguments: [
            (0.1, "0.1"), (-0.0, "-0.0"), (5, "5.0"), (1e21, "1e+21"), (1e-7, "1e-07"), (.infinity, "null"),
            (-.infinity, "null"), (.nan, "null"), (.greatestFiniteMagnitude, "1.7976931348623157e+308"),
            (.leastNonzeroMagnitude, "5e-324"),
        ] as [(Double, String)])
    func doubles(number: Double, text: String) throws {
        #expect(written { $0.value(number) } == text)
        let read = try #require(parsed("[\(text)]") as? [Any])
        if number.isFinite { #expect((read.first as? NSNumber)?.doubleValue == number) }
    }

    @Test("whole numbers of any size are exact") func integers() {
        #expect(
            written {
                $0.array {
                    $0.value(Int64.min); $0.value(UInt64.max); $0.value(0)
                }
            } == "[-9223372036854775808,18446744073709551615,0]")
    }

    @Test("commas stand exactly between members and elements, however nested") func nesting() {
        let document = written {
            $0.object {
                $0.member(
                    "a",
                    array: {
                        $0.object { _ in }; $0.array { _ in }; $0.null()
                    })
                $0.member(
                    "b",
                    object: {
                        $0.member("c", true); $0.member("d", nil as String?)
                    })
                $0.member("e", raw: #"{"x":[1]}"#)
                $0.member("f", raw: nil)
                $0.key("g")
                $0.array {
                    $0.value("h"); $0.value(false)
                }
                $0.member("i", 1.5)
            }
        }
        #expect(
            document == #"{"a":[{},[],null],"b":{"c":true,"d":null},"e":{"x":[1]},"f":null,"g":["h",false],"i":1.5}"#)
    }

    @Test("random documents are what Foundation reads back") func random() throws {
        var generator = SeededNumbers(seed: 11)
        for _ in 0..<200 {
            let value = Self.value(depth: 4, &generator)
            let document = written { $0.write(value) }
            #expect(try JSONDecoder().decode(JSONValue.self, from: Data(document.utf8)) == value)
        }
    }

    private static func value(depth: Int, _ generator: inout SeededNumbers) -> JSONValue {
        switch Int.random(in: 0..<(depth == 0 ? 4 : 6), using: &generator) {
        case 0: .null
        case 1: .bool(Bool.random(using: &generator))
        case 2: .integer(Int64.random(in: Int64(Int32.min)...Int64(Int32.max), using: &generator))
        case 3: .string(["", "\"", "\\n", "ü", "\t"].randomElement(using: &generator) ?? "")
        case 4: .array((0..<3).map { _ in value(depth: depth - 1, &generator) })
        default:
            .object(
                Dictionary((0..<3).map { ("k\($0)\"", value(depth: depth - 1, &generator)) }) { first, _ in first })
        }
    }

    private func written(_ body: (inout JSONWriter) -> Void) -> String {
        var json = JSONWriter(capacity: 1)
        body(&json)
        return String(buffer: json.buffer)
    }

    private func parsed(_ document: String) -> Any? {
        try? JSONSerialization.jsonObject(with: Data(document.utf8), options: .fragmentsAllowed)
    }
}

extension JSONWriter {
    fileprivate mutating func write(_ value: JSONValue) {
        switch value {
        case .null: null()
        case .bool(let flag): self.value(flag)
        case .integer(let whole): self.value(whole)
        case .number(let number): self.value(number)
        case .string(let text): self.value(text)
        case .array(let elements): array { list in elements.forEach { list.write($0) } }
        case .object(let members):
            object { object in
                for (name, member) in members {
                    object.key(name)
                    object.write(member)
                }
            }
        }
    }
}
