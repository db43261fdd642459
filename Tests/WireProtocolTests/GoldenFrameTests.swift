import DomainModel
import Foundation
import NIOCore
import Sharding
import Testing
import WireProtocol

/// The bytes on the wire, held to files in `Golden`. `UPDATE_GOLDEN=1` rewrites them; review the difference like code.
@Suite struct GoldenFrameTests {
    static let names = ["request", "request-bare", "answer", "refusal", "part", "cancel", "credit", "hello", "assign"]

    private static func frame(_ name: String) throws -> Frame {
        switch name {
        case "request": return try request()
        case "request-bare": return Request(operation: Operation.probe, timeout: .zero).frame(number: 1)
        case "answer":
            let answer = Response(status: 200, epoch: 3)
            return Frame(header: answer.header(number: 7), body: ByteBuffer(string: "{\"success\":true}"))
        case "refusal":
            let refusal = Response(status: 503, code: "overloaded", retryAfterSeconds: 1)
            return Frame(header: refusal.header(number: 8))
        case "part": return .part(9, "SQLite format 3\u{0}")
        case "cancel": return .bare(.cancel, 7)
        case "credit": return .bare(.credit, 9, credit: 1)
        case "hello":
            var frame = try ControlMessage.hello(.init(role: "worker", index: 2, pid: 4_711, version: "1.0.0")).frame()
            // The order of a payload's fields is not promised.
            frame.body = ByteBuffer(string: #"{"index":2,"pid":4711,"role":"worker","version":"1.0.0"}"#)
            return frame
        default:
            var frame = try ControlMessage.assign(SlotMap(workers: 1, epoch: 4)).frame()
            frame.body = ByteBuffer(string: #"{"epoch":4,"ranges":[{"first":0,"last":255,"worker":0}]}"#)
            return frame
        }
    }

    private static func request() throws -> Frame {
        let user = try #require(UserID("d16f" + String(repeating: "0a", count: 30)))
        return Request(
            operation: Operation.replaceRules, user: user, epoch: 3, timeout: .milliseconds(9_800),
            correlationID: "4f2a01bc", parameters: ["id": "12", "name": "ü/\""], credential: APIKey("key"),
            body: ByteBuffer(string: "{\"rules\":[]}")
        ).frame(number: 7)
    }

    @Test("a frame is written to the very bytes of its golden file", arguments: names)
    func written(name: String) throws {
        var bytes = ByteBuffer()
        try FrameCodec.encode(try Self.frame(name), into: &bytes)
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" { try GoldenFile.write(bytes, to: name) }
        #expect(GoldenFile.dump(bytes) == (try GoldenFile.text(name)))
    }

    @Test("the bytes of a golden file are read as the frame", arguments: names)
    func read(name: String) throws {
        var bytes = try GoldenFile.bytes(name)
        #expect(try FrameCodec.decode(from: &bytes) == (try Self.frame(name)))
        #expect(bytes.readableBytes == 0)
    }

    @Test("golden control frames carry their messages")
    func control() throws {
        var hello = try GoldenFile.bytes("hello")
        var assign = try GoldenFile.bytes("assign")
        let greeting = ChildGreeting(role: "worker", index: 2, pid: 4_711, version: "1.0.0")
        #expect(try FrameCodec.decode(from: &hello).map(ControlMessage.init) == .hello(greeting))
        #expect(try FrameCodec.decode(from: &assign).map(ControlMessage.init) == .assign(SlotMap(workers: 1, epoch: 4)))
    }

    @Test("every golden file has its frame")
    func complete() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: GoldenFile.folder.path())
        #expect(Set(files) == Set(Self.names.map { $0 + ".txt" }))
    }
}
