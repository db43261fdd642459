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

    private static let capitalSigma: Unicode.Scalar = "\u{3A3}"

    /// Unicode's condition for the final form: a cased letter before it and none after it, looking past marks.
    private static func isFinal(_ index: Int, in scalars: [Unicode.Scalar]) -> Bool {
        let before = scalars[..<index].last { !$0.properties.isCaseIgnorable }
        let after = scalars[(index + 1)...].first { !$0.properties.isCaseIgnorable }
        return before?.properties.isCased == true && after?.properties.isCased != true
    }
}
