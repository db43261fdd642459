/// Finds where the values of a bencoded dictionary stand, which is all that an info hash needs.
struct BencodeScanner {
    private let bytes: [UInt8]
    private var place = 0
    /// A hostile file may nest without end.
    private static let greatestDepth = 64

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The bytes of a key's value in the outermost dictionary; nil when the whole is not one well-formed dictionary.
    mutating func range(of key: String) -> Range<Int>? {
        place = 0
        var found: Range<Int>?
        guard take("d") else { return nil }
        while !take("e") {
            guard let name = string() else { return nil }
            let start = place
            guard skipValue(depth: 1) else { return nil }
            if String(decoding: bytes[name], as: UTF8.self) == key { found = start..<place }
        }
        return place == bytes.count ? found : nil
    }

    /// The text of a bencoded string that stands at these bytes.
    mutating func text(in range: Range<Int>) -> String? {
        place = range.lowerBound
        return string().map { String(decoding: bytes[$0], as: UTF8.self) }
    }

    private mutating func take(_ mark: Unicode.Scalar) -> Bool {
        guard place < bytes.count, bytes[place] == UInt8(ascii: mark) else { return false }
        place += 1
        return true
    }

    private mutating func string() -> Range<Int>? {
        guard let length = number(until: ":"), length >= 0, length <= bytes.count - place else { return nil }
        let start = place
        place += length
        return start..<place
    }

    private mutating func number(until mark: Unicode.Scalar) -> Int? {
        let start = place
        while place < bytes.count, place - start < 20, bytes[place] != UInt8(ascii: mark) { place += 1 }
        let text = String(decoding: bytes[start..<place], as: UTF8.self)
        return take(mark) ? Int(text) : nil
    }

    private mutating func skipValue(depth: Int) -> Bool {
        guard depth < Self.greatestDepth else { return false }
        if take("i") { return number(until: "e") != nil }
        if take("l") {
            while !take("e") {
                guard skipValue(depth: depth + 1) else { return false }
            }
            return true
        }
        guard take("d") else { return string() != nil }
        while !take("e") {
            guard string() != nil, skipValue(depth: depth + 1) else { return false }
        }
        return true
    }
}
