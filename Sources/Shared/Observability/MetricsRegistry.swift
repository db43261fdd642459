package import Metrics
import Synchronization

/// The metrics of this process, recorded through swift-metrics and shown by ``families()``.
///
/// Our own because it is small and fast: a count is one atomic addition. Handles are kept by name and labels; callers
/// keep theirs too (``CounterFamily``, ``TimerFamily``), because finding one costs fifty times a count.
package final class MetricsRegistry: MetricsFactory {
    /// What this process records into after ``bootstrap()``.
    package static let shared = MetricsRegistry()

    private struct Key: Hashable {
        var name: String
        var labels: [MetricFamily.Label]
    }

    private struct State {
        var counters: [Key: AtomicCounter] = [:]
        var gauges: [Key: AtomicGauge] = [:]
        var histograms: [Key: Histogram] = [:]
    }

    private let state = Mutex(State())

    package init() {}

    /// Call once at the start of a process; what was made before records into nothing.
    package static func bootstrap() { MetricsSystem.bootstrap(shared) }

    /// All that was recorded, by name and labels.
    package func families() -> [MetricFamily] {
        let (counters, gauges, histograms) = state.withLock { ($0.counters, $0.gauges, $0.histograms) }
        return Self.families(counters, .counter) { [MetricFamily.Sample(value: Double($0.value))] }
            + Self.families(gauges, .gauge) { [MetricFamily.Sample(value: $0.value)] }
            + Self.families(histograms, .histogram) { $0.samples() }
    }

    private static func families<Handler>(
        _ handlers: [Key: Handler], _ kind: MetricFamily.Kind, samples: (Handler) -> [MetricFamily.Sample]
    ) -> [MetricFamily] {
        Dictionary(grouping: handlers) { $0.key.name }.sorted { $0.key < $1.key }.map { name, members in
            let ordered = members.sorted { left, right in
                left.key.labels.map(\.value).lexicographicallyPrecedes(right.key.labels.map(\.value))
            }
            return MetricFamily(
                name, kind, MetricNames.help[name] ?? name,
                samples: ordered.flatMap { key, handler in
                    samples(handler).map { sample in
                        var sample = sample
                        sample.labels = key.labels + sample.labels
                        return sample
                    }
                })
        }
    }

    // MARK: MetricsFactory

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        handler(label, dimensions, \.counters, AtomicCounter())
    }

    package func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        aggregate
            ? handler(label, dimensions, \.histograms, Histogram(bounds: Histogram.seconds))
            : handler(label, dimensions, \.gauges, AtomicGauge())
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        handler(label, dimensions, \.histograms, Histogram(bounds: Histogram.seconds))
    }

    /// Handles stay for as long as the process: labels are bounded, and a counter that vanishes looks like a restart.
    package func destroyCounter(_ handler: any CounterHandler) {}
    package func destroyRecorder(_ handler: any RecorderHandler) {}
    package func destroyTimer(_ handler: any TimerHandler) {}

    private func handler<Handler: Sendable>(
        _ name: String, _ labels: [(String, String)], _ kind: WritableKeyPath<State, [Key: Handler]>,
        _ make: @autoclosure () -> Handler
    ) -> Handler {
        let key = Key(name: name, labels: labels.map { MetricFamily.Label($0.0, $0.1) })
        return state.withLock { state in
            if let known = state[keyPath: kind][key] { return known }
            let new = make()
            state[keyPath: kind][key] = new
            return new
        }
    }
}
