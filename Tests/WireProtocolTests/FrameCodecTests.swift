import NIOCore
import Testing
import WireProtocol

@Suite struct FrameCodecTests {
    private func encoded(_ frames: [Frame]) throws -> ByteBuffer {
        var bytes = ByteBuffer()
        for frame in frames { try FrameCodec.encode(frame, into: &bytes) }
        return bytes
    }

    /// A frame around any header text.
    private func raw(header: String, body: String = "") -> ByteBuffer {
        var bytes = ByteBuffer()
        bytes.writeInteger(UInt32(header.utf8.count))
        bytes.writeString(header)
        bytes.writeInteger(UInt32(body.utf8.count))
        bytes.writeString(body)
        return bytes
    }

    private func errorCode(_ bytes: ByteBuffer) -> WireError.Code? {
        var bytes = bytes
        do throws(WireError) {
            _ = try FrameCodec.decode(from: &bytes)
            return nil
        } catch {
            return error.code
        }
    }

    @Test("whatever may be sent is read back as it was", arguments: 0..<300 as Range<UInt64>)
    func roundTrip(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let frame = Frame.random(using: &generator)
        var bytes = try encoded([frame])
        #expect(try FrameCodec.decode(from: &bytes) == frame)
        #expect(bytes.readableBytes == 0)
    }

    @Test("two frames in one read are two frames, and the start of a third waits")
    func several() throws {
        let frames = [Frame.request(1, body: "one"), .answer(2), .part(3, "three")]
        var bytes = try encoded(frames)
        bytes.moveWriterIndex(to: bytes.writerIndex - 1)
        #expect(try FrameCodec.decode(from: &bytes) == frames[0])
        #expect(try FrameCodec.decode(from: &bytes) == frames[1])
        let left = bytes.readableBytes
        #expect(try FrameCodec.decode(from: &bytes) == nil)
        #expect(bytes.readableBytes == left)
    }

    @Test("a frame is read whole wherever the stream is cut, and not before its last byte")
    func cutAnywhere() throws {
        let frame = Frame.request(7, "rules.replace", body: "{\"rules\":[]}")
        let whole = try encoded([frame])
        for cut in 0..<whole.readableBytes {
            var bytes = try #require(whole.getSlice(at: 0, length: cut))
            #expect(try FrameCodec.decode(from: &bytes) == nil, "cut at \(cut)")
            var rest = try #require(whole.getSlice(at: cut, length: whole.readableBytes - cut))
            bytes.writeBuffer(&rest)
            #expect(try FrameCodec.decode(from: &bytes) == frame, "cut at \(cut)")
        }
    }

    @Test("a length over its limit is refused before any of it has arrived")
    func lengths() {
        var header = ByteBuffer(integer: UInt32(WireLimits.maximumHeaderBytes + 1))
        #expect(errorCode(header) == .headerTooLong)
        header = ByteBuffer(integer: UInt32.max)
        #expect(errorCode(header) == .headerTooLong)
        var body = raw(header: "{\"v\":1,\"n\":1,\"k\":\"answer\"}")
        body.setInteger(UInt32(WireLimits.maximumBodyBytes + 1), at: body.writerIndex - 4)
        #expect(errorCode(body) == .bodyTooLong)
        body.setInteger(UInt32.max, at: body.writerIndex - 4)
        #expect(errorCode(body) == .bodyTooLong)
    }

    @Test("header and body may have their limit to the byte")
    func atTheLimit() throws {
        var frame = Frame.request(1)
        frame.body = ByteBuffer(repeating: 7, count: WireLimits.maximumBodyBytes)
        frame.header.correlationID = ""
        let plain = try encoded([frame]).readableBytes - WireLimits.maximumBodyBytes - 8
        frame.header.correlationID = String(repeating: "x", count: WireLimits.maximumHeaderBytes - plain)
        var bytes = try encoded([frame])
        #expect(bytes.readableBytes == FrameCodec.maximumFrameBytes)
        #expect(try FrameCodec.decode(from: &bytes) == frame)
    }

    @Test("what is over a limit is not written at all")
    func overTheLimit() {
        var bytes = ByteBuffer(string: "before")
        var big = Frame.request(1)
        big.body = ByteBuffer(repeating: 7, count: WireLimits.maximumBodyBytes + 1)
        #expect(throws: WireError.self) { try FrameCodec.encode(big, into: &bytes) }
        var long = Frame.request(1)
        long.header.correlationID = String(repeating: "x", count: WireLimits.maximumHeaderBytes)
        #expect(throws: WireError.self) { try FrameCodec.encode(long, into: &bytes) }
        #expect(String(buffer: bytes) == "before")
    }

    @Test(
        "a header that is no object of the expected shape is malformed",
        arguments: [
            "", "{", "null", "[]", "7", "\"v\"", "{}", "{\"v\":\"1\",\"n\":1,\"k\":\"answer\"}", "{\"v\":1}",
            "{\"v\":1,\"n\":-1,\"k\":\"answer\"}", "{\"v\":1,\"n\":1,\"k\":\"shout\"}",
            "{\"v\":1.5,\"n\":1,\"k\":\"answer\"}",
            "{\"v\":1,\"n\":1,\"k\":\"request\",\"user\":\"nobody\"}", "{\"v\":1,\"n\":1,\"k\":\"answer\"} x",
            "{\"v\":1,\"n\":1,\"k\":\"answer\",\"status\":\"200\"}",
            "{\"v\":1,\"n\":9223372036854775808,\"k\":\"answer\"}",
            "{\"v\":1,\"n\":1,\"k\":\"request\",\"args\":{\"id\":12}}", "{\"v\":1,\"n\":1,\"k\":\"request\",\"op\":7}",
            "\u{FEFF}", "\u{0}\u{1}\u{2}",
        ])
    func malformed(header: String) {
        #expect(errorCode(raw(header: header)) == .malformedHeader)
    }

    @Test("another version is told apart from nonsense, whatever else it changed", arguments: [0, 2, -1, 1_000])
    func version(number: Int) {
        #expect(errorCode(raw(header: "{\"v\":\(number),\"kind\":[\"new\"]}")) == .unsupportedVersion)
    }

    @Test("fields that a later build adds are passed over")
    func unknownFields() throws {
        var bytes = raw(header: "{\"v\":1,\"n\":3,\"k\":\"answer\",\"trace\":{\"a\":[1]}}", body: "x")
        #expect(try FrameCodec.decode(from: &bytes)?.text == "x")
    }

    @Test("no bytes whatever crash the reader, and it never reads past a frame", arguments: 0..<400 as Range<UInt64>)
    func hostile(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var bytes = try encoded([.random(using: &generator), .random(using: &generator)])
        for _ in 0..<Int.random(in: 1...8, using: &generator) {
            let index = Int.random(in: 0..<bytes.writerIndex, using: &generator)
            bytes.setInteger(UInt8.random(in: .min ... .max, using: &generator), at: index)
        }
        var sizes = [bytes.readableBytes]
        do throws(WireError) {
            while try FrameCodec.decode(from: &bytes) != nil { sizes.append(bytes.readableBytes) }
        } catch {
            #expect(!error.message.isEmpty)
        }
        #expect(zip(sizes, sizes.dropFirst()).allSatisfy { $0 > $1 })
    }

    @Test("a printed header shows no API key")
    func secrets() {
        var frame = Frame.request(1)
        frame.header.credential = "hunter2"
        #expect(!"\(frame)".contains("hunter2") && !"\(frame.header)".contains("hunter2"))
        #expect(!String(reflecting: frame).contains("hunter2"))
    }
}
