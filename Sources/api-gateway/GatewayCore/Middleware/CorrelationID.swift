import Synchronization

/// Eight hex digits that tell one request from another. They need to differ, not to be secret, so they do not ask the system
/// for chance each time.
enum CorrelationID {
    private static let last = Atomic<UInt64>(.random(in: 0 ... .max))

    static func make() -> String {
        let number = mixed(last.wrappingAdd(Self.step, ordering: .relaxed).newValue)
        return String(unsafeUninitializedCapacity: 8) { digits in
            for index in 0..<8 {
                let value = UInt8(truncatingIfNeeded: number >> UInt64(4 * index)) & 0xf
                digits[index] = value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
            }
            return 8
        }
    }

    /// SplitMix64's step and its mixing of the state. Source: Steele, Lea and Flood, 2014.
    private static let step: UInt64 = 0x9e37_79b9_7f4a_7c15

    private static func mixed(_ state: UInt64) -> UInt64 {
        var value = (state ^ state >> 30) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
        return value ^ value >> 31
    }
}
