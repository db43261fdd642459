import DomainModel
import ItemDecoding
import Testing

@Suite struct HostileBytesTests {
    private func failure(_ bytes: [UInt8]) -> ItemDecodingError? {
        do throws(ItemDecodingError) {
            _ = try ItemDecoder.decodeList(bytes, asset: .torrent, isQueued: false)
            return nil
        } catch {
            return error
        }
    }

    private func failure(_ text: String) -> ItemDecodingError? { failure(Array(text.utf8)) }

    @Test("an answer that is cut off anywhere is an error, never a shorter list")
    func truncated() {
        let answer = Fixtures.answer(Fixtures.row, Fixtures.row)
        #expect(failure(answer) == nil)
        for length in 0..<answer.count { #expect(failure(Array(answer[..<length])) != nil) }
    }

    @Test("what is no answer says so")
    func kinds() {
        #expect(failure("") == .empty)
        #expect(failure("[]") == .notAnObject)
        #expect(failure("5") == .notAnObject)
        #expect(failure("<html>502 Bad Gateway</html>") == .malformed)
        #expect(failure("{\"data\":[]} x") == .malformed)
        #expect(
            failure(Array("{\"data\":[{\"id\":1,\"name\":\"".utf8) + [0xFF, 0xFE] + Array("\"}]}".utf8)) == .notUTF8)
    }

    @Test("nesting without end is refused without using the stack")
    func depth() {
        #expect(failure("{\"data\":" + String(repeating: "[", count: 100_000)) != nil)
        let nested = String(repeating: "[", count: 5_000) + String(repeating: "]", count: 5_000)
        #expect(failure("{\"success\":true,\"data\":\(nested)}") == .tooDeep)
    }

    @Test("a number beyond every range spoils its own field only")
    func hugeNumbers() throws {
        let list = try Fixtures.list(
            #"{"id":1,"size":123456789012345678901234567890,"seeds":1e999,"name":"a"}"#, #"{"id":2,"seeds":3}"#,
            #"{"id":99999999999999999999}"#)
        #expect(list.items.map(\.key.id) == [1, 2])
        #expect(list.items.first?.size == Double("123456789012345678901234567890"))
        #expect(list.items.first?.seeds == nil)
        #expect(list.items.first?.name == "a")
        #expect(list.items.last?.seeds == 3)
        #expect(list.rowsWithoutID == 1)
        #expect(list.success == true)
        #expect(list.dataKind == .list)
        #expect(list.census[.seeds] == 1)
    }

    @Test("half of a surrogate pair spoils one letter only")
    func loneSurrogate() throws {
        let list = try Fixtures.list(#"{"id":1,"name":"a\ud83dz"}"#, #"{"id":2,"name":"b"}"#)
        #expect(list.items.map(\.name) == ["a\u{FFFD}z", "b"])
    }

    @Test("a number between the signed and the unsigned limit is read as a double")
    func unsigned() throws {
        let list = try Fixtures.list(#"{"id":1,"size":18446744073709551615,"total_uploaded":18446744073709551615}"#)
        #expect(list.items.first?.size == Double(UInt64.max))
        #expect(list.items.first?.totalUploaded == nil)
    }

    @Test("random damage gives a list or an error, whatever was hit")
    func damage() {
        var generator = SplitMix(state: 7)
        let answer = Fixtures.answer(Fixtures.row, #"{"id":2,"name":"\u00e9","files":[]}"#)
        var (lists, errors) = (0, 0)
        for _ in 0..<3_000 {
            var bytes = answer
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                bytes[Int.random(in: bytes.indices, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            if failure(bytes) == nil { lists += 1 } else { errors += 1 }
        }
        #expect(lists > 0)
        #expect(errors > 0)
    }
}

/// A small generator with a fixed start, so that a failure can be repeated.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
