/// What a magnet or a .torrent says about a torrent.
struct TorrentSource: Equatable {
    /// 40 hex digits in lower case.
    var infoHash: String
    var name: String?

    /// - Returns: nil unless the text is a magnet with a v1 info hash in hex or base 32.
    init?(magnet: String) {
        guard magnet.lowercased().hasPrefix("magnet:?") else { return nil }
        let fields = URLText.fields(String(magnet.dropFirst("magnet:?".count)))
        guard let topic = fields["xt"], topic.lowercased().hasPrefix("urn:btih:") else { return nil }
        let text = String(topic.dropFirst("urn:btih:".count)).lowercased()
        if text.utf8.count == 40, text.allSatisfy(\.isHexDigit) {
            infoHash = text
        } else if let hex = Self.hex(base32: text) {
            infoHash = hex
        } else {
            return nil
        }
        name = fields["dn"]
    }

    /// - Returns: nil unless the bytes are a bencoded dictionary with an info dictionary.
    init?(torrentFile bytes: [UInt8]) {
        var scanner = BencodeScanner(bytes)
        guard let info = scanner.range(of: "info") else { return nil }
        infoHash = SHA1.hex(bytes[info])
        var inner = BencodeScanner(Array(bytes[info]))
        if let value = inner.range(of: "name") { name = inner.text(in: value) }
    }

    private static func hex(base32 text: String) -> String? {
        let alphabet = Array("abcdefghijklmnopqrstuvwxyz234567".utf8)
        guard text.utf8.count == 32 else { return nil }
        var bits = 0
        var held = 0
        var bytes: [UInt8] = []
        for character in text.utf8 {
            guard let value = alphabet.firstIndex(of: character) else { return nil }
            bits = (bits << 5 | value) & 0xFFF
            held += 5
            if held >= 8 {
                held -= 8
                bytes.append(UInt8(bits >> held & 255))
            }
        }
        return bytes.hexText
    }
}
