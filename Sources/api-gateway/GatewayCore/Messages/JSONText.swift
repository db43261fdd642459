import Foundation
import NIOCore
import NIOFoundationCompat

/// Small JSON documents of our own making.
enum JSONText {
    /// The document with members in alphabetical order.
    static func buffer(_ value: some Encodable) -> ByteBuffer {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return ByteBuffer(data: try encoder.encode(value))
        } catch {
            // Plain texts, flags and finite numbers always encode; a constant keeps the promise of a JSON body.
            return ByteBuffer(string: #"{"success":false,"error":"Internal server error"}"#)
        }
    }
}
