import NIOCore
import NIOHTTP1

/// A whole HTTP answer, whatever its status.
struct HTTPAnswer: Sendable {
    var status: Int
    var headers: HTTPHeaders
    var body: ByteBuffer
    /// Of a large one: given up when the answer is let go.
    var place: AnswerRoom.Place?

    /// Whether the body begins as a JSON object does, after white space and a byte order mark.
    var looksLikeObject: Bool { firstByte == UInt8(ascii: "{") }

    /// Whether the body is JSON rather than prose or a page from something in front of TorBox. Bare numbers are left
    /// out: `502 Bad Gateway` begins like one.
    var looksLikeJSON: Bool {
        guard let first = firstByte else { return false }
        if "{[\"".utf8.contains(first) { return true }
        let word = String(decoding: body.readableBytesView.prefix(16), as: UTF8.self).filter(\.isLetter)
        return ["true", "false", "null"].contains(word)
    }

    /// Whether the body begins as a page for people does.
    var looksLikeHTML: Bool { firstByte == UInt8(ascii: "<") }

    private var firstByte: UInt8? {
        let space = " \t\r\n\u{FEFF}".utf8
        return body.readableBytesView.first { !space.contains($0) }
    }
}
