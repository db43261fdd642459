/// The text of a head, put together piece by piece.
struct HeaderLines {
    /// Bytes of a whole head, as a rule; longer ones make the buffer grow.
    private static let expectedBytes = 1_024

    private var bytes: [UInt8] = []

    init() { bytes.reserveCapacity(Self.expectedBytes) }

    /// As one run of bytes: appending to a text, or a text's bytes one by one, takes several times as long.
    mutating func add(_ text: String) {
        let isAdded: Void? = text.utf8.withContiguousStorageIfAvailable { bytes.append(contentsOf: $0) }
        if isAdded == nil { bytes.append(contentsOf: text.utf8) }
    }

    var text: String { String(decoding: bytes, as: UTF8.self) }
}
