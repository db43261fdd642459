import DomainModel

extension RawField {
    /// Texts that JavaScript reads as dates, and numbers as milliseconds since 1970; 0 counts as missing.
    var timestamp: Timestamp? {
        switch self {
        case .integer(let whole): whole == 0 ? nil : Timestamp(javaScriptMilliseconds: Double(whole))
        case .number(let number): number == 0 ? nil : Timestamp(javaScriptMilliseconds: number)
        case .text(let bytes): Timestamp(javaScriptText: bytes)
        default: nil
        }
    }
}
