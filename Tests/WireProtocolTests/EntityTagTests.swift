import EntityTags
import NIOCore
import Testing

@testable import WireProtocol

@Suite struct EntityTagTests {
    // The digests are sha1sum's, in Base64.
    @Test(
        "length in hex and SHA-1 in Base64 without its padding",
        arguments: [
            ("", "0-2jmj7l5rSw0yVb/vlWAYkK/YBwk"), ("abc", "3-qZk+NkcGgWq6PiVxeFDCbJzQ2J0"),
        ])
    func form(text: String, tag: String) {
        #expect(EntityTag.of(ByteBuffer(string: text)) == tag)
    }

    @Test("an answer carries its tag over the wire")
    func travels() throws {
        var response = Response(status: 200)
        response.entityTag = "3-qZk+NkcGgWq6PiVxeFDCbJzQ2J0"
        var buffer = ByteBuffer()
        try FrameCodec.encode(Frame(header: response.header(number: 1), body: ByteBuffer()), into: &buffer)
        let frame = try #require(try FrameCodec.decode(from: &buffer))
        #expect(Response(header: frame.header, body: .bytes(frame.body)).entityTag == response.entityTag)
    }
}
