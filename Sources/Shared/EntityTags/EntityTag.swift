import Crypto
import Foundation
package import NIOCore

/// Tells one document from another: `<length in hex>-<SHA-1 in Base64>`, what stands between the quotation marks of the `ETag`
/// that stock's framework gives.
package enum EntityTag {
    package static func of(_ body: ByteBuffer) -> String {
        let digest = body.withUnsafeReadableBytes { Insecure.SHA1.hash(data: $0) }
        // 20 bytes end in one sign that only fills up.
        let text = Data(digest).base64EncodedString().prefix(27)
        return "\(String(body.readableBytes, radix: 16))-\(text)"
    }
}
