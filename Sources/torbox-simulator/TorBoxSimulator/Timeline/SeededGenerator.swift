/// The simulator's only source of chance: SplitMix64, the same on every machine for the same seed.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// A generator of its own for each combination of numbers, so that rows do not depend on one another.
    init(_ parts: UInt64...) {
        state = 0x9E37_79B9_7F4A_7C15
        for part in parts { state = Self.mixed(state &+ part &* 0xD6E8_FEB8_6659_FD93) }
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return Self.mixed(state)
    }

    /// True in this fraction of calls, 0 to 1.
    mutating func chance(_ fraction: Double) -> Bool {
        fraction > 0 && Double(next() >> 11) * 0x1p-53 < fraction
    }

    /// A number from `low` to `high`, even on a logarithmic scale; both above 0.
    mutating func logarithmic(_ low: Double, _ high: Double) -> Double {
        // Powers of two by hand keep the pure core free of a maths library.
        let span = Int((high / low).exponent)
        let step = Int.random(in: 0...max(span, 0), using: &self)
        return min(
            low * Double(sign: .plus, exponent: step, significand: 1) * Double.random(in: 1..<2, using: &self), high)
    }

    /// FNV-1a over the text: stable between runs, unlike `Hasher`.
    static func fingerprint(_ text: String) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        return mixed(hash)
    }

    /// Lower-case hex digits derived from a text: an invented hash, unique enough for a library.
    static func hex(of text: String, digits: Int) -> String {
        var generator = SeededGenerator(seed: fingerprint(text))
        return generator.hex(digits: digits)
    }

    mutating func hex(digits: Int) -> String {
        let alphabet = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(digits)
        while text.count < digits {
            var word = next()
            for _ in 0..<min(16, digits - text.count) {
                text.append(alphabet[Int(word & 15)])
                word >>= 4
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static func mixed(_ value: UInt64) -> UInt64 {
        var word = value
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}
