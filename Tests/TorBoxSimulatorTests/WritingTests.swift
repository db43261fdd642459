import Foundation
import Testing

@testable import TorBoxSimulator

@Suite struct WritingTests {
    private func written(_ body: (inout JSONByteWriter) -> Void) -> String {
        var writer = JSONByteWriter()
        body(&writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    @Test("texts read back as they were", arguments: ["", "plain", "a\"b\\c", "tab\tline\nnull\u{0}", "夜の🌊é", "/"])
    func texts(text: String) throws {
        let json = written { $0.strings([text, text]) }
        #expect(try JSONDecoder().decode([String].self, from: Data(json.utf8)) == [text, text])
    }

    @Test("whole numbers are written in full", arguments: [0, 7, 10, -1, 1_234_567, Int.max, Int.min])
    func ints(value: Int) {
        #expect(written { $0.int(value) } == String(value))
    }

    @Test("fractions read back the same, and what is no number is null") func doubles() throws {
        for value in [0.1, 2.5, 1e-7, 0.999_999, 1e300, -3] {
            let text = written { $0.double(value) }
            #expect(try JSONDecoder().decode(Double.self, from: Data(text.utf8)) == value)
        }
        #expect(written { $0.double(Double.nan) } == "null")
        #expect(written { $0.double(Double.infinity) } == "null")
        #expect(written { $0.double(4.0) } == "4")
    }

    @Test(
        "dates are those of the calendar",
        arguments: [0, -1, 951_782_399, 951_782_400, 951_868_800, 1_767_225_600, 4_107_542_399, 253_402_300_799])
    func dates(second: Int) {
        let expected = Date(timeIntervalSince1970: Double(second)).formatted(.iso8601)
        #expect(written { $0.date(second) } == "\"\(expected)\"")
    }

    @Test("a row's sizes of files add up to its size") func files() throws {
        struct File: Decodable {
            var id: Int
            var size: Int
            var name: String
        }
        var item = SimulatedItem.completed("Name \"x\"")
        item.fileCount = 3
        item.size = 1_000_001
        let json = written { $0.files(of: item) }
        let files = try JSONDecoder().decode([File].self, from: Data(json.utf8))
        #expect(files.map(\.id) == [0, 1, 2])
        #expect(files.reduce(0) { $0 + $1.size } == 1_000_001)
        #expect(files[0].name == "Name \"x\"/part-0.mkv")
    }
}
