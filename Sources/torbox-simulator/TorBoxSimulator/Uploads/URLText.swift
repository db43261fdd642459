/// Percent-decoding and `key=value` lists, for queries and url-encoded bodies.
enum URLText {
    static func fields(_ text: String) -> [String: String] {
        var fields: [String: String] = [:]
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            fields[decoded(parts[0])] = parts.count > 1 ? decoded(parts[1]) : ""
        }
        return fields
    }

    /// Decodes `%41` and `+`; a percent sign without two hex digits stays as it is.
    static func decoded(_ text: Substring) -> String {
        let source = Array(text.utf8)
        var bytes: [UInt8] = []
        var place = 0
        while place < source.count {
            if source[place] == UInt8(ascii: "%"), let byte = hexByte(source, at: place + 1) {
                bytes.append(byte)
                place += 3
            } else {
                bytes.append(source[place] == UInt8(ascii: "+") ? 32 : source[place])
                place += 1
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func hexByte(_ source: [UInt8], at place: Int) -> UInt8? {
        guard place + 2 <= source.count else { return nil }
        let digits = String(decoding: source[place..<(place + 2)], as: UTF8.self)
        return digits.allSatisfy(\.isHexDigit) ? UInt8(digits, radix: 16) : nil
    }
}
