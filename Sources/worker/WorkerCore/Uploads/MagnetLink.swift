import Foundation

/// What a magnet link says about its torrent.
struct MagnetLink: Sendable, Equatable {
    /// 40 hex digits in lower case; nil for links that only have a version 2 hash.
    var infoHash: String?

    /// Nil unless the text is a magnet link with a torrent's hash: `btih` in hex or base 32, or `btmh`.
    init?(_ text: String) {
        guard text.lowercased().hasPrefix("magnet:?") else { return nil }
        let topics = text.dropFirst("magnet:?".count).split(separator: "&").compactMap(Self.topic)
        for topic in topics where topic.hasPrefix("urn:btih:") {
            guard let hash = Self.hash(String(topic.dropFirst("urn:btih:".count))) else { continue }
            infoHash = hash
            return
        }
        // 1220 says SHA-256 with 32 bytes.
        let version2 = "urn:btmh:1220"
        guard
            topics.contains(where: {
                let digits = $0.dropFirst(version2.count)
                return $0.hasPrefix(version2) && digits.utf8.count == 64 && digits.allSatisfy(\.isHexDigit)
            })
        else { return nil }
    }

    /// `xt=…` or `xt.1=…`, decoded, in lower case.
    private static func topic(_ pair: Substring) -> String? {
        let parts = pair.split(separator: "=", maxSplits: 1)
        guard parts.count == 2, parts[0] == "xt" || parts[0].hasPrefix("xt.") else { return nil }
        return (String(parts[1]).removingPercentEncoding ?? String(parts[1])).lowercased()
    }

    private static func hash(_ text: String) -> String? {
        if text.utf8.count == 40, text.utf8.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) { return text }
        return text.utf8.count == 32 ? hex(base32: text) : nil
    }

    private static func hex(base32 text: String) -> String? {
        let alphabet = Array("abcdefghijklmnopqrstuvwxyz234567".utf8)
        var (bits, held): (UInt32, Int) = (0, 0)
        var bytes: [UInt8] = []
        for character in text.utf8 {
            guard let value = alphabet.firstIndex(of: character) else { return nil }
            bits = bits << 5 | UInt32(value)
            held += 5
            guard held >= 8 else { continue }
            held -= 8
            bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(held)))
        }
        return Hex.text(bytes)
    }
}
