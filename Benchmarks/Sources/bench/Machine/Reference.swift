import Foundation

/// How fast the machine is at the moment: figures taken while it is slower count for less. Virtual machines differ by a third
/// from one minute to the next.
enum Reference {
    private static let rounds = 100_000_000

    /// A fixed amount of arithmetic, best of three.
    static func row(before scenario: String) -> Row {
        let best = (0..<3).map { _ in measure() }.min() ?? 0
        return Row(scenario, "reference loop before \(scenario)", [("CPU", best * 1_000, "ms")])
    }

    private static func measure() -> Double {
        let before = seconds
        var value: UInt64 = 88_172_645_463_325_252
        for _ in 0..<rounds {
            value ^= value << 13
            value ^= value >> 7
            value ^= value << 17
        }
        // Never so; or else the loop could be left out.
        if value == 0 { print("") }
        return seconds - before
    }

    private static var seconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
