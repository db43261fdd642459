/// Who a request or a poll is for: the lowercase hex SHA-256 of the user's TorBox API key, 64 characters.
///
/// An id is not a credential (see the gateway's authentication), but it is personal: logs and open routes
/// carry only ``short``.
package struct UserID: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The 64 characters `0-9a-f`.
    package let hex: String

    /// Nil unless `text` is exactly 64 lowercase hexadecimal digits.
    package init?(_ text: some StringProtocol) {
        let bytes = text.utf8
        guard bytes.count == 64, bytes.allSatisfy(Self.isLowercaseHexDigit) else { return nil }
        hex = String(text)
    }

    /// The slot that this user lives in: the first byte of the id.
    package var slot: Slot {
        let digits = hex.utf8.prefix(2).reduce(UInt8(0)) { $0 << 4 | Self.value(ofHexDigit: $1) }
        return Slot(digits)
    }

    /// The first eight digits: enough to find a user in a log, too little to act as one.
    package var short: String { String(hex.prefix(8)) }

    package var description: String { short }

    package static func < (left: UserID, right: UserID) -> Bool { left.hex < right.hex }

    private static func isLowercaseHexDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }

    private static func value(ofHexDigit byte: UInt8) -> UInt8 {
        byte <= UInt8(ascii: "9") ? byte - UInt8(ascii: "0") : byte - UInt8(ascii: "a") + 10
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
