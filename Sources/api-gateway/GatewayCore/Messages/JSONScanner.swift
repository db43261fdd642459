/// Walks over a JSON document in one pass (RFC 8259, strictly) and reports the top-level object's members.
struct JSONScanner {
    /// Arrays and objects inside each other. The deepest document of the contract has about ten levels.
    static let maximumDepth = 256

    struct Failure: Error, CustomStringConvertible {
        var reason: String
        var offset: Int
        var description: String { "\(reason) at byte \(offset)" }
    }

    /// Takes a member's name and value.
    typealias Report = (_ name: JSONSlice, _ value: JSONSlice) -> Void

    private let bytes: UnsafeRawBufferPointer
    private var position = 0
    private var hasNonASCII = false

    /// The bytes must stay valid while the scanner is used.
    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// Scans the whole document, which must be an object or an array with nothing but white space around it.
    mutating func scanDocument(_ report: Report) throws(Failure) {
        skipSpace()
        switch peek {
        case UInt8(ascii: "{"): try scanObject(depth: 1, report)
        case UInt8(ascii: "["): try scanArray(depth: 1)
        default: throw failure("expected an object or an array")
        }
        skipSpace()
        guard position == bytes.count else { throw failure("unexpected text after the document") }
        if hasNonASCII, String(validating: bytes, as: UTF8.self) == nil { throw failure("the text is no UTF-8") }
    }

    private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    private func failure(_ reason: String) -> Failure { Failure(reason: reason, offset: position) }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private mutating func expect(_ character: Unicode.Scalar) throws(Failure) {
        guard peek == UInt8(ascii: character) else { throw failure("expected '\(character)'") }
        position += 1
    }

    private mutating func scanObject(depth: Int, _ report: Report) throws(Failure) {
        try enter(depth)
        if try leave("}") { return }
        repeat {
            skipSpace()
            let nameStart = position
            try scanString()
            let name = slice(from: nameStart)
            skipSpace()
            try expect(":")
            skipSpace()
            let valueStart = position
            try scanValue(depth: depth)
            report(name, slice(from: valueStart))
            skipSpace()
        } while try !endsOrContinues("}")
    }

    private mutating func scanArray(depth: Int) throws(Failure) {
        try enter(depth)
        if try leave("]") { return }
        repeat {
            skipSpace()
            try scanValue(depth: depth)
            skipSpace()
        } while try !endsOrContinues("]")
    }

    private mutating func enter(_ depth: Int) throws(Failure) {
        guard depth <= Self.maximumDepth else { throw failure("more than \(Self.maximumDepth) levels") }
        position += 1
        skipSpace()
    }

    private mutating func leave(_ closing: Unicode.Scalar) throws(Failure) -> Bool {
        guard peek == UInt8(ascii: closing) else { return false }
        position += 1
        return true
    }

    /// True at the closing character, false after a comma.
    private mutating func endsOrContinues(_ closing: Unicode.Scalar) throws(Failure) -> Bool {
        if try leave(closing) { return true }
        guard peek == UInt8(ascii: ",") else { throw failure("expected ',' or '\(closing)'") }
        position += 1
        return false
    }

    private mutating func scanValue(depth: Int) throws(Failure) {
        switch peek {
        case UInt8(ascii: "{"): try scanObject(depth: depth + 1) { _, _ in }
        case UInt8(ascii: "["): try scanArray(depth: depth + 1)
        case UInt8(ascii: "\""): try scanString()
        case UInt8(ascii: "t"): try scanWord("true")
        case UInt8(ascii: "f"): try scanWord("false")
        case UInt8(ascii: "n"): try scanWord("null")
        case let byte? where byte == UInt8(ascii: "-") || Self.isDigit(byte): try scanNumber()
        default: throw failure("expected a value")
        }
    }

    private mutating func scanWord(_ word: StaticString) throws(Failure) {
        let length = word.utf8CodeUnitCount
        guard position + length <= bytes.count else { throw failure("expected \(word)") }
        for offset in 0..<length where bytes[position + offset] != word.utf8Start[offset] {
            throw failure("expected \(word)")
        }
        position += length
    }

    private mutating func scanNumber() throws(Failure) {
        if peek == UInt8(ascii: "-") { position += 1 }
        if peek == UInt8(ascii: "0") { position += 1 } else { try scanDigits() }
        if peek == UInt8(ascii: ".") {
            position += 1
            try scanDigits()
        }
        if peek == UInt8(ascii: "e") || peek == UInt8(ascii: "E") {
            position += 1
            if peek == UInt8(ascii: "+") || peek == UInt8(ascii: "-") { position += 1 }
            try scanDigits()
        }
    }

    private mutating func scanDigits() throws(Failure) {
        let start = position
        while let byte = peek, Self.isDigit(byte) { position += 1 }
        guard position > start else { throw failure("expected a digit") }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private mutating func scanString() throws(Failure) {
        try expect("\"")
        while let byte = peek {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return
            case UInt8(ascii: "\\"): try scanEscape()
            case 0..<0x20: throw failure("control character in a text")
            case 0x80...: hasNonASCII = true
            default: break
            }
        }
        throw failure("unfinished text")
    }

    private mutating func scanEscape() throws(Failure) {
        guard let byte = peek else { throw failure("unfinished text") }
        position += 1
        guard byte == UInt8(ascii: "u") else {
            guard #""\/bfnrt"#.utf8.contains(byte) else { throw failure("unknown escape") }
            return
        }
        for _ in 0..<4 {
            guard let digit = peek, Character(Unicode.Scalar(digit)).isHexDigit, digit < 0x80 else {
                throw failure("expected four hex digits")
            }
            position += 1
        }
    }

    private func slice(from start: Int) -> JSONSlice {
        JSONSlice(bytes: UnsafeRawBufferPointer(rebasing: bytes[start..<position]))
    }
}
