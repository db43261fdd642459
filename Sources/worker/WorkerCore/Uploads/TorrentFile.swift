import Crypto

/// What a .torrent file says, as far as telling it again at TorBox needs: a scan of its bencoding, nothing decoded.
struct TorrentFile: Sendable, Equatable {
    /// SHA-1 of the info dictionary's bytes, 40 hex digits in lower case; nil for files without version 1 pieces, whose
    /// hash at TorBox is not known.
    var infoHash: String?

    /// Nil unless the bytes are one bencoded dictionary with an info dictionary in it.
    init?(_ bytes: [UInt8]) {
        guard let info = BencodeScan.members(of: bytes[...])?["info"], let members = BencodeScan.members(of: info)
        else {
            return nil
        }
        infoHash = members["pieces"] == nil ? nil : Hex.text(Insecure.SHA1.hash(data: info))
    }
}

/// Walks over bencoded data (BEP 3) without recursion, so that a hostile file cannot exhaust the stack.
enum BencodeScan {
    /// The values of a dictionary that fills `bytes`, by key; nil when it is not well formed. Keys that are no UTF-8 are
    /// left out.
    static func members(of bytes: ArraySlice<UInt8>) -> [String: ArraySlice<UInt8>]? {
        guard bytes.first == UInt8(ascii: "d") else { return nil }
        var rest = bytes.dropFirst()
        var members: [String: ArraySlice<UInt8>] = [:]
        while let first = rest.first, first != UInt8(ascii: "e") {
            guard let key = takeText(&rest) else { return nil }
            let start = rest
            guard skipValue(&rest) else { return nil }
            if let name = String(validating: key, as: UTF8.self) {
                members[name] = start[start.startIndex..<rest.startIndex]
            }
        }
        return rest.count == 1 ? members : nil
    }

    private static func skipValue(_ rest: inout ArraySlice<UInt8>) -> Bool {
        /// For each open container, whether it is a dictionary that expects a key next.
        var open: [Bool?] = []
        repeat {
            guard let first = rest.first else { return false }
            if first == UInt8(ascii: "e") {
                // A key without a value leaves its dictionary expecting one.
                guard let closed = open.popLast(), closed != false else { return false }
                rest = rest.dropFirst()
            } else if open.last == .some(.some(true)) {
                guard takeText(&rest) != nil else { return false }
                open[open.count - 1] = false
                continue
            } else if first == UInt8(ascii: "l") || first == UInt8(ascii: "d") {
                rest = rest.dropFirst()
                open.append(first == UInt8(ascii: "d") ? true : nil)
                continue
            } else {
                guard first == UInt8(ascii: "i") ? takeNumber(&rest) : takeText(&rest) != nil else { return false }
            }
            if open.last == .some(.some(false)) { open[open.count - 1] = true }
        } while !open.isEmpty
        return true
    }

    private static func takeNumber(_ rest: inout ArraySlice<UInt8>) -> Bool {
        var digits = rest.dropFirst()
        if digits.first == UInt8(ascii: "-") { digits = digits.dropFirst() }
        let end = digits.drop(while: isDigit)
        guard end.startIndex > digits.startIndex, end.first == UInt8(ascii: "e") else { return false }
        rest = end.dropFirst()
        return true
    }

    private static func takeText(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        let digits = rest.prefix { isDigit($0) }
        let body = rest.dropFirst(digits.count)
        guard !digits.isEmpty, digits.count <= 12, body.first == UInt8(ascii: ":"),
            let length = Int(String(decoding: digits, as: UTF8.self)), length < body.count
        else { return nil }
        let text = body.dropFirst().prefix(length)
        rest = rest[text.endIndex...]
        return text
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
