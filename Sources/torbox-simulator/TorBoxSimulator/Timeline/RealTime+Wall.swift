import Foundation

extension RealTime {
    /// Unix milliseconds by the wall clock.
    static func wallMilliseconds() -> Int { Int(Date().timeIntervalSince1970 * 1_000) }
}
