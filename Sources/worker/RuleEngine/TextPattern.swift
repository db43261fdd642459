/// A text that others are compared with, letter case aside and code unit by code unit otherwise: composed and
/// decomposed forms differ, and a sequence of emoji contains its first one.
struct TextPattern: Sendable, Hashable {
    private let bytes: [UInt8]
    private let isASCII: Bool

    init(_ text: String) {
        bytes = CaseFolding.lowercased(text)
        isASCII = bytes.allSatisfy { $0 < 0x80 }
    }

    func isContained(in text: String) -> Bool {
        withFolded(text) { folded in
            guard folded.count >= bytes.count else { return false }
            return (0...(folded.count - bytes.count)).contains { matches(folded, at: $0) }
        }
    }

    func equals(_ text: String) -> Bool {
        withFolded(text) { $0.count == bytes.count && matches($0, at: 0) }
    }

    func isPrefix(of text: String) -> Bool {
        withFolded(text) { $0.count >= bytes.count && matches($0, at: 0) }
    }

    func isSuffix(of text: String) -> Bool {
        withFolded(text) { $0.count >= bytes.count && matches($0, at: $0.count - bytes.count) }
    }

    /// Compares in place; `folded` may still have capital letters of ASCII, which are folded on the way.
    private func matches(_ folded: UnsafeBufferPointer<UInt8>, at start: Int) -> Bool {
        for index in bytes.indices where CaseFolding.lowercased(folded[start + index]) != bytes[index] { return false }
        return true
    }

    /// The bytes of a text with everything beyond ASCII in lower case, as far as this pattern can tell: nearly always those
    /// that the text has.
    private func withFolded(_ text: String, _ body: (UnsafeBufferPointer<UInt8>) -> Bool) -> Bool {
        var text = text
        let quick: Bool? = text.withUTF8 { units in canReadUnfolded(units) ? body(units) : nil }
        return quick ?? CaseFolding.lowercased(text).withUnsafeBufferPointer(body)
    }

    private func canReadUnfolded(_ units: UnsafeBufferPointer<UInt8>) -> Bool {
        units.allSatisfy { $0 < 0x80 } || (isASCII && !CaseFolding.makesASCII(of: units))
    }
}
