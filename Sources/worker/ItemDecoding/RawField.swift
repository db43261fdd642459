/// The value of one field as it stands in the row, before anybody asks what it means.
enum RawField {
    case null
    case bool(Bool)
    case integer(Int64)
    case number(Double)
    /// UTF-8, valid only while the row is read.
    case text(UnsafeBufferPointer<UInt8>)
    case array(count: Int)
    case object
}

extension RawField {
    /// JSON numbers only: a text or a flag is no number, whatever it looks like.
    var number: Double? {
        switch self {
        case .integer(let whole): Double(whole)
        case .number(let number): number
        default: nil
        }
    }

    /// Whole numbers, fractions dropped, and texts of digits (byte counters come as both).
    var counter: Int64? {
        switch self {
        case .integer(let whole): whole
        case .number(let number): Int64(exactly: number.rounded(.towardZero))
        case .text(let bytes) where bytes.count <= 19: Int64(String(decoding: bytes, as: UTF8.self))
        default: nil
        }
    }

    /// TorBox's flags: true, 1 and "true" are on, all else is off.
    var isOn: Bool {
        switch self {
        case .bool(let flag): flag
        case .integer(let whole): whole == 1
        case .number(let number): number == 1
        case .text(let bytes): bytes.elementsEqual("true".utf8)
        default: false
        }
    }

    /// JavaScript's idea of truth: null, false, 0 and the empty text are false.
    var isTruthy: Bool {
        switch self {
        case .null: false
        case .bool(let flag): flag
        case .integer(let whole): whole != 0
        case .number(let number): number != 0
        case .text(let bytes): !bytes.isEmpty
        case .array, .object: true
        }
    }

    /// A text; false and 0 read as the empty text; nil for null and everything else.
    var string: String? {
        switch self {
        case .text(let bytes): String(decoding: bytes, as: UTF8.self)
        case .null: nil
        default: isTruthy ? nil : ""
        }
    }

    /// As ``string``, but nil for the empty text as well.
    var nonEmptyString: String? {
        guard case .text(let bytes) = self, !bytes.isEmpty else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// As ``nonEmptyString``, in lower case, which hashes are as a rule.
    var nonEmptyLowercaseString: String? {
        guard case .text(let bytes) = self, let text = nonEmptyString else { return nil }
        // Bits are gathered instead of ending early, so that the compiler takes many bytes at a time.
        var mayChange: UInt8 = 0
        for byte in bytes { mayChange |= (byte & 0x80) | (byte &- UInt8(ascii: "A") < 26 ? 1 : 0) }
        return mayChange == 0 ? text : text.lowercased()
    }

    /// Whether there is something that is no text and not one of the values that stand for an empty one.
    var isUnreadableText: Bool {
        if case .text = self { return false }
        return isTruthy
    }
}
