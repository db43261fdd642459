import Metrics
import Synchronization

final class AtomicCounter: CounterHandler {
    private let count = Atomic<Int64>(0)

    var value: Int64 { count.load(ordering: .relaxed) }

    func increment(by amount: Int64) { count.wrappingAdd(amount, ordering: .relaxed) }

    func reset() { count.store(0, ordering: .relaxed) }
}

final class AtomicGauge: RecorderHandler {
    private let bits = Atomic<UInt64>(0)

    var value: Double { Double(bitPattern: bits.load(ordering: .relaxed)) }

    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) { bits.store(value.bitPattern, ordering: .relaxed) }
}

/// Counts of values by size, in seconds.
final class Histogram: RecorderHandler, TimerHandler {
    /// From a cached answer to a poll that runs out of time.
    static let seconds: [Double] = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 180]

    private struct State {
        /// Not cumulative; the last is for what is above all bounds.
        var counts: [Int64]
        var sum: Double = 0
    }

    private let bounds: [Double]
    private let state: Mutex<State>

    init(bounds: [Double]) {
        self.bounds = bounds
        state = Mutex(State(counts: Array(repeating: 0, count: bounds.count + 1)))
    }

    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        let index = bounds.firstIndex { value <= $0 } ?? bounds.count
        state.withLock { state in
            state.counts[index] += 1
            state.sum += value
        }
    }

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }

    /// Cumulative buckets, sum and count, as Prometheus wants them.
    func samples() -> [MetricFamily.Sample] {
        let state = state.withLock { $0 }
        var total: Int64 = 0
        var samples: [MetricFamily.Sample] = []
        for (count, bound) in zip(state.counts, bounds.map { "\($0)" } + ["+Inf"]) {
            total += count
            samples.append(
                MetricFamily.Sample(suffix: "_bucket", labels: [MetricFamily.Label("le", bound)], value: Double(total)))
        }
        samples.append(MetricFamily.Sample(suffix: "_sum", value: state.sum))
        samples.append(MetricFamily.Sample(suffix: "_count", value: Double(total)))
        return samples
    }
}
