/// The system's randomness, to be handed on by reference.
///
/// `SystemRandomNumberGenerator` has no bytes, so no address: the thread sanitizer, told to look at what is handed on,
/// crashes at wherever it points (Swift 6.3). This one has a byte.
package struct SystemRandom: RandomNumberGenerator, Sendable {
    private var byte: UInt8 = 0

    package init() {}

    package mutating func next() -> UInt64 { UInt64.random(in: .min ... .max) }
}
