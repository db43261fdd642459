import DomainModel
import Foundation
import Testing

@Suite struct UserIDTests {
    private static let hex = "d16f" + String(repeating: "0", count: 58) + "a9"

    @Test("an id is 64 lowercase hex digits")
    func valid() throws {
        let id = try #require(UserID(Self.hex))
        #expect(id.hex == Self.hex)
        #expect(UserID(Self.hex.dropFirst(0)) == id)
    }

    /// In place of the last two digits of a good id.
    private static let badEndings = [
        "", "a", "a90", "A9", "ag", "a/", "a:", "a`", "aé", "é", "a\u{0}", "a٣", "a ", "a\n", "＆",
    ]

    @Test("anything else is no id", arguments: badEndings.map { hex.dropLast(2) + $0 } + ["", " " + hex.dropFirst()])
    func invalid(text: String) {
        #expect(UserID(text) == nil)
    }

    @Test("the slot is the first byte, for all 256")
    func slots() throws {
        for slot in Slot.all {
            let id = try #require(UserID(slot.description + String(repeating: "f", count: 62)))
            #expect(id.slot == slot)
        }
    }

    @Test("logs show eight digits of an id, never all")
    func short() throws {
        let id = try #require(UserID(Self.hex))
        #expect("\(id)" == "d16f0000" && id.short == "d16f0000")
    }

    @Test("ids sort by their digits")
    func order() throws {
        let ids = try ["00", "0a", "a0", "ff"].map { try #require(UserID($0 + String(repeating: "1", count: 62))) }
        #expect(ids.reversed().sorted() == ids)
    }

    @Test("an id is a plain text in JSON, and a bad one is refused")
    func codable() throws {
        let id = try #require(UserID(Self.hex))
        let data = try JSONEncoder().encode([id])
        #expect(String(decoding: data, as: UTF8.self) == "[\"\(Self.hex)\"]")
        #expect(try JSONDecoder().decode([UserID].self, from: data) == [id])
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([UserID].self, from: Data("[\"\(Self.hex.uppercased())\"]".utf8))
        }
    }
}
