/// Appends JSON to a byte array, and never looks back.
///
/// Lists of a thousand rows are written many times a second in benchmarks, so this knows nothing of keys, nesting or
/// commas beyond the one separator it is told to write.
struct JSONByteWriter {
    private(set) var bytes: [UInt8] = []

    init(reserving capacity: Int = 0) { bytes.reserveCapacity(capacity) }

    /// Appends text as it stands: punctuation, or JSON made elsewhere.
    mutating func raw(_ text: StaticString) {
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    /// Appends JSON made elsewhere.
    mutating func raw(_ text: String) { bytes.append(contentsOf: text.utf8) }

    /// Appends JSON made elsewhere.
    mutating func raw(_ other: [UInt8]) { bytes.append(contentsOf: other) }

    mutating func null() { raw("null") }

    mutating func bool(_ value: Bool) {
        if value { raw("true") } else { raw("false") }
    }

    mutating func int(_ value: Int) {
        guard value >= 0 else { return raw(String(value)) }
        guard value >= 10 else { return bytes.append(UInt8(48 + value)) }
        var rest = value
        let start = bytes.count
        while rest > 0 {
            bytes.append(UInt8(48 + rest % 10))
            rest /= 10
        }
        bytes[start...].reverse()
    }

    /// Writes the shortest text that reads back as the same number; not-a-number and infinities become null.
    mutating func double(_ value: Double) {
        guard value.isFinite else { return null() }
        if value == value.rounded(), abs(value) < 1e15 { return int(Int(value)) }
        raw(value.description)
    }

    mutating func double(_ value: Double?) {
        if let value { double(value) } else { null() }
    }

    mutating func string(_ text: String?) {
        guard let text else { return null() }
        bytes.append(34)
        part(text)
        bytes.append(34)
    }

    /// Appends text with its escapes but without quotes, for texts that are put together.
    mutating func part(_ text: String) {
        let start = bytes.count
        bytes.append(contentsOf: text.utf8)
        // Almost no text needs an escape: append first, and go back only where one does.
        guard bytes[start...].contains(where: { $0 == 34 || $0 == 92 || $0 < 32 }) else { return }
        bytes.removeSubrange(start...)
        for byte in text.utf8 { escaped(byte) }
    }

    mutating func strings(_ list: [String]) {
        bytes.append(91)
        for (position, text) in list.enumerated() {
            if position > 0 { bytes.append(44) }
            string(text)
        }
        bytes.append(93)
    }

    /// Writes a moment given in Unix seconds in the form TorBox uses, `2026-03-09T10:00:00Z`.
    mutating func date(_ second: Int?) {
        guard let second else { return null() }
        bytes.append(34)
        CivilDate(unixSecond: second).append(to: &bytes)
        bytes.append(34)
    }

    private mutating func escaped(_ byte: UInt8) {
        switch byte {
        case 34, 92:
            bytes.append(92)
            bytes.append(byte)
        case 0..<32:
            let digits = Array("0123456789abcdef".utf8)
            raw("\\u00")
            bytes.append(digits[Int(byte >> 4)])
            bytes.append(digits[Int(byte & 15)])
        default: bytes.append(byte)
        }
    }
}
