import NIOCore

/// A `multipart/form-data` body (RFC 7578).
struct MultipartForm: Sendable {
    private let boundary: String
    private var buffer = ByteBuffer()

    /// - Parameter boundary: must not occur in any value; 128 random bits do not.
    init(
        boundary: String = "torbox-" + (0..<4).map { _ in String(UInt32.random(in: .min ... .max), radix: 36) }.joined()
    ) {
        self.boundary = boundary
    }

    var contentType: String { "multipart/form-data; boundary=\(boundary)" }

    /// The whole body.
    var body: ByteBuffer {
        var body = buffer
        body.writeString("--\(boundary)--\r\n")
        return body
    }

    mutating func add(_ name: String, _ value: String) {
        buffer.writeString("--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n")
    }

    mutating func add(_ name: String, file: ByteBuffer, named fileName: String, type: String) {
        buffer.writeString(
            "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"; filename=\"\(Self.quoted(fileName))\"\r\n"
                + "Content-Type: \(type)\r\n\r\n")
        buffer.writeImmutableBuffer(file)
        buffer.writeString("\r\n")
    }

    /// As browsers do it: what would end the header or the quotes is percent-encoded.
    private static func quoted(_ name: String) -> String {
        name.unicodeScalars.reduce(into: "") { text, scalar in
            switch scalar {
            case "\"": text += "%22"
            case "\r": text += "%0D"
            case "\n": text += "%0A"
            default: text.unicodeScalars.append(scalar)
            }
        }
    }
}
