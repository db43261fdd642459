import CZlib
import DomainModel
import Foundation
import HTTPTypes
import NIOCore
import Testing
import WireProtocol

@testable import GatewayCore

/// REST contract, section 0.5: compression by `Accept-Encoding` above about 1 KB.
@Suite struct ContentCodingTests {
    @Test(
        "gzip is taken when named, or by an asterisk, and not with a weight of zero",
        arguments: [
            ("gzip", true), ("deflate, gzip;q=0.5, br", true), ("br;q=1, *;q=0.1", true), ("GZIP", true),
            ("x-gzip", true), ("br", false), ("", false), ("gzip;q=0", false), ("gzip; q=0.000, *", false),
            ("*;q=0", false), ("gzipped", false), ("gzip;q=x", false),
        ])
    func takesGzip(header: String, isTaken: Bool) { #expect(ContentCoding.takesGzip(header) == isTaken) }

    @Test("what was compressed is the same again, and what does not get smaller is left as it is")
    func roundTrip() throws {
        let text = (0..<500).map { "{\"id\":\($0),\"name\":\"rule \($0)\"}" }.joined(separator: ",")
        let packed = try #require(ContentCoding.gzip(ByteBuffer(string: text)))
        #expect(packed.readableBytes < text.utf8.count / 3)
        #expect(inflated(packed, upTo: text.utf8.count) == text)
        var generator = SystemRandom()
        let noise = ByteBuffer(bytes: (0..<4_096).map { _ in UInt8.random(in: 0...255, using: &generator) })
        #expect(ContentCoding.gzip(noise) == nil)
    }

    @Test("only bodies between the bounds are worth it")
    func bounds() {
        #expect(!ContentCoding.suits(ByteBuffer(repeating: 0, count: 1_023)))
        #expect(ContentCoding.suits(ByteBuffer(repeating: 0, count: 1_024)))
        #expect(!ContentCoding.suits(ByteBuffer(repeating: 0, count: 1_024 * 1_024 + 1)))
    }

    @Test("a client that takes gzip gets it, others and small answers stay plain, with one tag for both")
    func overHTTP() async throws {
        try await GatewayFixture.with { gateway async throws in
            let plain = try await gateway.ask(.get, "/openapi.json")
            #expect(plain["Content-Encoding"] == nil)
            #expect(plain.headers[values: .vary].contains("Accept-Encoding"))
            let packed = try await gateway.ask(.get, "/openapi.json", [.acceptEncoding: "gzip"])
            #expect(packed["Content-Encoding"] == "gzip")
            #expect(packed["ETag"] == plain["ETag"])
            #expect(packed["ETag"]?.hasPrefix("W/") == true)
            let small = try await gateway.ask(.get, "/nowhere", [.acceptEncoding: "gzip"])
            #expect(small["Content-Encoding"] == nil)
        }
    }

    private func inflated(_ bytes: ByteBuffer, upTo size: Int) -> String? {
        var stream = z_stream()
        guard inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            return nil
        }
        defer { inflateEnd(&stream) }
        var (input, output) = (Array(bytes.readableBytesView), [UInt8](repeating: 0, count: size + 1))
        let status = input.withUnsafeMutableBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                (stream.next_in, stream.avail_in) = (input.baseAddress, UInt32(input.count))
                (stream.next_out, stream.avail_out) = (output.baseAddress, UInt32(output.count))
                return inflate(&stream, Z_FINISH)
            }
        }
        guard status == Z_STREAM_END else { return nil }
        return String(decoding: output.prefix(Int(stream.total_out)), as: UTF8.self)
    }
}
