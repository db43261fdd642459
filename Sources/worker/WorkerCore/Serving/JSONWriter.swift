package import NIOCore

/// Writes a JSON document straight into bytes, so that columns which hold JSON already are copied, not decoded.
///
/// The caller keeps the order: members inside ``object(_:)``, elements inside ``array(_:)``.
package struct JSONWriter {
    package private(set) var buffer: ByteBuffer
    private var needsComma = false

    package init(capacity: Int = 512) { buffer = ByteBufferAllocator().buffer(capacity: capacity) }

    // MARK: Values

    package mutating func object(_ members: (inout JSONWriter) -> Void) { nested("{", "}", members) }

    package mutating func array(_ elements: (inout JSONWriter) -> Void) { nested("[", "]", elements) }

    package mutating func null() { token("null") }

    package mutating func value(_ flag: Bool) { token(flag ? "true" : "false") }

    package mutating func value(_ whole: some BinaryInteger) { token(String(whole)) }

    /// A number that is not finite has no JSON form and becomes null.
    package mutating func value(_ number: Double) { token(number.isFinite ? "\(number)" : "null") }

    package mutating func value(_ text: String) {
        separate()
        writeQuoted(text)
    }

    /// A document that is JSON already; it is not checked.
    package mutating func raw(_ json: String) { token(json) }

    // MARK: Members

    package mutating func member(_ name: String, _ value: String?) {
        key(name)
        if let value { self.value(value) } else { null() }
    }

    package mutating func member(_ name: String, _ value: Bool) {
        key(name)
        self.value(value)
    }

    package mutating func member(_ name: String, _ value: some BinaryInteger) {
        key(name)
        self.value(value)
    }

    package mutating func member(_ name: String, _ value: Double) {
        key(name)
        self.value(value)
    }

    package mutating func member(_ name: String, raw json: String?) {
        key(name)
        raw(json ?? "null")
    }

    package mutating func member(_ name: String, object members: (inout JSONWriter) -> Void) {
        key(name)
        object(members)
    }

    package mutating func member(_ name: String, array elements: (inout JSONWriter) -> Void) {
        key(name)
        array(elements)
    }

    package mutating func key(_ name: String) {
        separate()
        writeQuoted(name)
        buffer.writeInteger(UInt8(ascii: ":"))
        needsComma = false
    }

    // MARK: Bytes

    private mutating func nested(_ open: StaticString, _ close: StaticString, _ body: (inout JSONWriter) -> Void) {
        separate()
        buffer.writeStaticString(open)
        needsComma = false
        body(&self)
        buffer.writeStaticString(close)
        needsComma = true
    }

    private mutating func token(_ text: String) {
        separate()
        buffer.writeString(text)
    }

    private mutating func separate() {
        if needsComma { buffer.writeInteger(UInt8(ascii: ",")) }
        needsComma = true
    }

    private mutating func writeQuoted(_ text: String) {
        buffer.writeInteger(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { bytes in
            var start = 0
            for (index, byte) in bytes.enumerated() where Self.needsEscape(byte) {
                buffer.writeBytes(bytes[start..<index])
                writeEscape(byte)
                start = index + 1
            }
            buffer.writeBytes(bytes[start...])
        }
        buffer.writeInteger(UInt8(ascii: "\""))
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private mutating func writeEscape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): buffer.writeStaticString("\\\"")
        case UInt8(ascii: "\\"): buffer.writeStaticString("\\\\")
        case UInt8(ascii: "\n"): buffer.writeStaticString("\\n")
        case UInt8(ascii: "\r"): buffer.writeStaticString("\\r")
        case UInt8(ascii: "\t"): buffer.writeStaticString("\\t")
        default:
            let digits = String(byte, radix: 16)
            buffer.writeString("\\u00" + (digits.count == 1 ? "0" : "") + digits)
        }
    }
}
