/// Who a request or a poll is for: the lowercase hex SHA-256 of the user's TorBox API key, 64 characters.
///
/// An id is not a credential (see the gateway's authentication), but it is personal: logs and open routes
/// carry only ``short``.
package struct UserID: Hashable, Sendable, Comparable, CustomStringConvertible {
    // 32 bytes in place instead of a text of 64: a worker holds tens of thousands of them, as keys of several tables.
    private let words: (UInt64, UInt64, UInt64, UInt64)

    /// Nil unless `text` is exactly 64 lowercase hexadecimal digits.
    package init?(_ text: some StringProtocol) {
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        var count = 0
        for byte in text.utf8 {
            guard count < 64, let value = Self.value(ofHexDigit: byte) else { return nil }
            switch count >> 4 {
            case 0: words.0 = words.0 << 4 | value
            case 1: words.1 = words.1 << 4 | value
            case 2: words.2 = words.2 << 4 | value
            default: words.3 = words.3 << 4 | value
            }
            count += 1
        }
        guard count == 64 else { return nil }
        self.words = words
    }

    /// Nil unless there are exactly 32 bytes.
    package init?(digest bytes: UnsafeRawBufferPointer) {
        guard bytes.count == 32 else { return nil }
        func word(_ index: Int) -> UInt64 {
            UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self))
        }
        words = (word(0), word(1), word(2), word(3))
    }

    /// The 64 characters `0-9a-f`.
    package var hex: String {
        String(unsafeUninitializedCapacity: 64) { bytes in
            var index = 0
            for word in [words.0, words.1, words.2, words.3] {
                for shift in stride(from: 60, through: 0, by: -4) {
                    bytes[index] = Self.hexDigit(of: UInt8(word >> UInt64(shift) & 0xf))
                    index += 1
                }
            }
            return 64
        }
    }

    /// The slot that this user lives in: the first byte of the id.
    package var slot: Slot { Slot(UInt8(words.0 >> 56)) }

    /// The first eight digits: enough to find a user in a log, too little to act as one.
    package var short: String {
        String(unsafeUninitializedCapacity: 8) { bytes in
            for index in 0..<8 { bytes[index] = Self.hexDigit(of: UInt8(words.0 >> UInt64(60 - 4 * index) & 0xf)) }
            return 8
        }
    }

    package var description: String { short }

    package static func == (left: UserID, right: UserID) -> Bool { left.words == right.words }

    package static func < (left: UserID, right: UserID) -> Bool { left.words < right.words }

    package func hash(into hasher: inout Hasher) {
        // Half of a SHA-256 tells users apart as well as all of it.
        hasher.combine(words.0)
        hasher.combine(words.1)
    }

    private static func hexDigit(of value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }

    private static func value(ofHexDigit byte: UInt8) -> UInt64? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(byte - UInt8(ascii: "a") + 10)
        default: nil
        }
    }
}

extension UserID: Codable {
    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let id = UserID(text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "a user id is 64 lowercase hex digits"))
        }
        self = id
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(hex)
    }
}
