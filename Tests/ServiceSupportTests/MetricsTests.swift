import Metrics
import Testing

@testable import Observability

@Suite struct MetricsRegistryTests {
    private let registry = MetricsRegistry()

    private func family(_ name: String) throws -> MetricFamily {
        try #require(registry.families().first { $0.name == name })
    }

    @Test("counters of one name are one family, a sample for each set of labels, in a constant order") func counters()
        throws
    {
        for (value, count) in [("b", 2), ("a", 1)] {
            Counter(label: "torbox_polls_total", dimensions: [("outcome", value)], factory: registry)
                .increment(by: count)
        }
        Counter(label: "torbox_polls_total", dimensions: [("outcome", "a")], factory: registry).increment()
        let polls = try family("torbox_polls_total")
        #expect(polls.kind == .counter)
        #expect(polls.help == "Polls of users by how they ended.")
        #expect(polls.samples.map(\.labels) == [[.init("outcome", "a")], [.init("outcome", "b")]])
        #expect(polls.samples.map(\.value) == [2, 2])
    }

    @Test("a timer becomes a histogram in seconds: cumulative buckets, sum and count") func timers() throws {
        let timer = Timer(label: "torbox_poll_duration_seconds", factory: registry)
        timer.recordMilliseconds(2)
        timer.recordMilliseconds(20)
        timer.recordSeconds(1_000)
        let samples = try family("torbox_poll_duration_seconds").samples
        func bucket(_ bound: String) -> Double? {
            samples.first { $0.suffix == "_bucket" && $0.labels == [.init("le", bound)] }?.value
        }
        #expect(
            [bucket("0.001"), bucket("0.005"), bucket("0.025"), bucket("180.0"), bucket("+Inf")] == [0, 1, 2, 2, 3])
        #expect(samples.first { $0.suffix == "_count" }?.value == 3)
        #expect(abs((samples.first { $0.suffix == "_sum" }?.value ?? 0) - 1_000.022) < 0.001)
    }

    @Test("a gauge shows the latest value") func gauges() throws {
        let gauge = Gauge(label: "torbox_users", factory: registry)
        gauge.record(3)
        gauge.record(1.5)
        #expect(try family("torbox_users").samples.map(\.value) == [1.5])
    }

    @Test("counts of many tasks are all there") func concurrent() async throws {
        let counter = Counter(label: "torbox_actions_total", factory: registry)
        await withTaskGroup(of: Void.self) { tasks in
            for _ in 0..<8 { tasks.addTask { for _ in 0..<10_000 { counter.increment() } } }
        }
        #expect(try family("torbox_actions_total").samples.map(\.value) == [80_000])
    }

    @Test("the process knows its files, memory and processor time") func process() {
        let values = ProcessMetrics.families().reduce(into: [String: Double]()) { $0[$1.name] = $1.samples[0].value }
        #expect(values["process_open_fds", default: 0] >= 3)
        #expect(values["process_max_fds", default: 0] >= values["process_open_fds", default: 0])
        #expect(values["process_resident_memory_bytes", default: 0] > 1_000_000)
        #expect(values["process_cpu_seconds_total", default: 0] > 0)
    }
}

@Suite struct PrometheusTextTests {
    @Test("metrics of one name stand together, one help and one type, each sample with its process") func groups() {
        let count = MetricFamily("b_total", .counter, "Counts.", samples: [.init(labels: [.init("x", "1")], value: 2)])
        let text = PrometheusText.render([
            (process: "worker-0", families: [count, .gauge("a", "A\nB.", 0.5)]),
            (process: "worker-1", families: [count]),
        ])
        #expect(
            text == """
                # HELP a A\\nB.
                # TYPE a gauge
                a{process="worker-0"} 0.5
                # HELP b_total Counts.
                # TYPE b_total counter
                b_total{process="worker-0",x="1"} 2
                b_total{process="worker-1",x="1"} 2

                """)
    }

    @Test("a label cannot break out of its quotes") func escaping() {
        let gauge = MetricFamily.gauge("a", "A.", by: "x", [("q\"b\\n\n", .infinity)])
        #expect(
            PrometheusText.render([(process: "p", families: [gauge])]).contains(
                #"a{process="p",x="q\"b\\n\n"} +Inf"#))
    }
}
