/// Who a request or a poll is for: the lowercase hex SHA-256 of the user's TorBox API key, 64 characters.
///
/// An id is not a credential (see the gateway's authentication), but it is personal: logs and open routes
/// carry only ``short``.
package struct UserID: Hashable, Sendable, Comparable, CustomStringConvertible {
    // 32 bytes in place instead of a text of 64: a worker holds tens of thousands of them, as keys of several tables.
    private let words: (UInt64, UInt64, UInt64, UInt64)

    /// Nil unless `text` is exactly 64 lowercase hexadecimal digits.
    package init?(_ text: some StringProtocol) { self.init(String(text)) }

    /// The same for a whole text.
    package init?(_ text: String) {
        var text = text
        guard let id = text.withUTF8({ UserID(digits: $0) }) else { return nil }
        self = id
    }

    /// The same from the digits as bytes: every frame between gateway and worker has them.
    package init?(digits: UnsafeBufferPointer<UInt8>) {
        guard digits.count == 64 else { return nil }
        func word(_ index: Int) -> UInt64? {
            var word: UInt64 = 0
            for digit in UnsafeBufferPointer(rebasing: digits[16 * index..<16 * index + 16]) {
                guard let value = Self.value(ofHexDigit: digit) else { return nil }
                word = word << 4 | value
            }
            return word
        }
        guard let first = word(0), let second = word(1), let third = word(2), let fourth = word(3) else { return nil }
        words = (first, second, third, fourth)
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
            func write(_ word: UInt64, at start: Int) {
                for index in 0..<16 {
                    bytes[start + index] = Self.hexDigit(of: UInt8(word >> UInt64(60 - 4 * index) & 0xf))
                }
            }
            write(words.0, at: 0)
            write(words.1, at: 16)
            write(words.2, at: 32)
            write(words.3, at: 48)
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
