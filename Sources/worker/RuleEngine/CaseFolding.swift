/// Lower case as JavaScript makes it: Unicode's full default mapping, with the final form of sigma, no locale.
enum CaseFolding {
    /// The UTF-8 of the lower-cased text. Nothing is trimmed or normalised.
    static func lowercased(_ text: String) -> [UInt8] {
        guard text.unicodeScalars.contains(capitalSigma) else { return Array(text.lowercased().utf8) }
        let scalars = Array(text.unicodeScalars)
        var folded: [UInt8] = []
        for (index, scalar) in scalars.enumerated() {
            if scalar == capitalSigma {
                folded.append(contentsOf: (isFinal(index, in: scalars) ? "\u{3C2}" : "\u{3C3}").utf8)
            } else {
                folded.append(contentsOf: scalar.properties.lowercaseMapping.utf8)
            }
        }
        return folded
    }

    static func lowercased(_ byte: UInt8) -> UInt8 {
        byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte
    }

    /// Whether something beyond ASCII becomes a letter of ASCII: a capital I with a dot (U+0130), or the sign of Kelvin (U+212A).
    /// Nothing else does, so that else a text of ASCII is found in this one without folding it.
    static func makesASCII(of units: UnsafeBufferPointer<UInt8>) -> Bool {
        units.indices.contains { start in
            switch units[start] {
            case 0xC4: units[start...].starts(with: [0xC4, 0xB0])
            case 0xE2: units[start...].starts(with: [0xE2, 0x84, 0xAA])
            default: false
            }
        }
    }

    private static let capitalSigma: Unicode.Scalar = "\u{3A3}"

    /// Unicode's condition for the final form: a cased letter before it and none after it, looking past marks.
    private static func isFinal(_ index: Int, in scalars: [Unicode.Scalar]) -> Bool {
        let before = scalars[..<index].last { !$0.properties.isCaseIgnorable }
        let after = scalars[(index + 1)...].first { !$0.properties.isCaseIgnorable }
        return before?.properties.isCased == true && after?.properties.isCased != true
    }
}
