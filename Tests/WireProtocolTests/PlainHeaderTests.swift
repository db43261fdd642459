import NIOCore
import Testing

@testable import WireProtocol

@Suite struct PlainHeaderTests {
    private func plain(_ json: String) -> FrameHeader? {
        Array(json.utf8).withUnsafeBufferPointer { bytes in
            var reader = PlainHeaderReader(bytes)
            return reader.read()
        }
    }

    private func any(_ json: String) -> FrameHeader? {
        Array(json.utf8).withUnsafeBufferPointer { try? FrameHeader(anyJSON: $0) }
    }

    private static let full = """
        {"args":{"id":"7","limit":"50"},"code":"moved","credit":3,"epoch":12,"file":"rules.json","id":"4f2a01bc",\
        "k":"request","key":"k-1","ms":9800,"n":7,"op":"rules.list","retry":60,"status":200,"tag":"1f-Zm9v+/A","type":"application/json",\
        "user":"\(String(repeating: "d1", count: 32))","v":1}
        """

    @Test("what our writer makes is read the short way, to the same header") func written() throws {
        let header = try #require(any(Self.full))
        #expect(plain(Self.full) == header)
        #expect(String(decoding: header.json(), as: UTF8.self) == Self.full)
    }

    @Test("the short way never reads anything else than the long way", arguments: 0..<2_000 as Range<UInt64>)
    func agrees(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var bytes = Array(Self.full.utf8)
        // Changed, left out, and doubled bytes of what means something.
        for _ in 0...Int.random(in: 0..<3, using: &generator) {
            let place = Int.random(in: bytes.indices, using: &generator)
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: bytes.remove(at: place)
            case 1: bytes[place] = Array(#"{}",:\01n \#u{e9}"#.utf8).randomElement(using: &generator) ?? 0
            case 2: bytes.insert(bytes[place], at: place)
            default: bytes.swapAt(place, Int.random(in: bytes.indices, using: &generator))
            }
        }
        let json = String(decoding: bytes, as: UTF8.self)
        guard let header = plain(json) else { return }
        #expect(header == any(json), "\(json)")
    }

    @Test(
        "what needs a second look is left to the long way",
        arguments: [
            #"{ "k":"answer","n":1,"v":1}"#, #"{"k":"answer","n":1,"v":1} "#,
            #"{"k":"answer","n":1,"op":"\u0061","v":1}"#,
            #"{"k":"answer","n":1,"op":"é","v":1}"#, #"{"k":"answer","n":1,"op":null,"v":1}"#,
            #"{"k":"answer","n":1.0,"v":1}"#, #"{"k":"answer","n":-1,"v":1}"#, #"{"k":"answer","n":01,"v":1}"#,
            #"{"k":"answer","n":9223372036854775807,"v":1}"#, #"{"k":"answer","n":1,"v":2}"#,
            #"{"k":"other","n":1,"v":1}"#,
            #"{"k":"answer","n":1,"v":1,"later":"x"}"#, #"{"k":"answer","n":1}"#, #"{"n":1,"v":1}"#, "{}", "", "[]",
            #"{"k":"answer","n":1,"v":1,}"#, #"{"k":"answer","n":1,"user":"d1","v":1}"#,
        ])
    func leftAlone(json: String) { #expect(plain(json) == nil) }
}
