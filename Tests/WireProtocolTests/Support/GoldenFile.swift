import Foundation
import NIOCore
import Testing

/// Bytes kept as text that a reviewer can read: sixteen a line, in hex, then as characters.
enum GoldenFile {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Golden")

    static func text(_ name: String) throws -> String { try String(contentsOf: url(name), encoding: .utf8) }

    static func write(_ bytes: ByteBuffer, to name: String) throws {
        try dump(bytes).write(to: url(name), atomically: true, encoding: .utf8)
    }

    /// The bytes that the hex columns of a file stand for.
    static func bytes(_ name: String) throws -> ByteBuffer {
        var result = ByteBuffer()
        for line in try text(name).split(separator: "\n") {
            for digits in line.prefix(while: { $0 != "|" }).split(separator: " ") {
                result.writeInteger(try #require(UInt8(digits, radix: 16)))
            }
        }
        return result
    }

    static func dump(_ bytes: ByteBuffer) -> String {
        let all = Array(bytes.readableBytesView)
        return stride(from: 0, to: all.count, by: 16).map { start in
            let line = all[start..<min(start + 16, all.count)]
            let hex = line.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
            let padding = String(repeating: " ", count: 48 - hex.count)
            let text = line.map { (0x20...0x7E).contains($0) ? String(UnicodeScalar($0)) : "." }.joined()
            return hex + padding + "|" + text + "|\n"
        }.joined()
    }

    private static func url(_ name: String) -> URL { folder.appending(path: name + ".txt") }
}
