/// All samples of one metric of one process, as processes hand them to each other and as Prometheus shows them.
package struct MetricFamily: Codable, Sendable, Equatable {
    package enum Kind: String, Codable, Sendable { case counter, gauge, histogram }

    package struct Label: Codable, Sendable, Hashable {
        package var name: String
        package var value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    package struct Sample: Codable, Sendable, Equatable {
        /// Of the name: nothing, or `_bucket`, `_sum`, `_count` of a histogram.
        package var suffix: String
        package var labels: [Label]
        package var value: Double

        package init(suffix: String = "", labels: [Label] = [], value: Double) {
            self.suffix = suffix
            self.labels = labels
            self.value = value
        }
    }

    package var name: String
    package var kind: Kind
    package var help: String
    package var samples: [Sample]

    /// - Parameter name: by Prometheus' conventions: `torbox_polls_total`, units in full and in the plural.
    package init(_ name: String, _ kind: Kind, _ help: String, samples: [Sample]) {
        self.name = name
        self.kind = kind
        self.help = help
        self.samples = samples
    }

    /// One gauge without labels.
    package static func gauge(_ name: String, _ help: String, _ value: Double) -> MetricFamily {
        MetricFamily(name, .gauge, help, samples: [Sample(value: value)])
    }

    /// One counter of several values that differ in one label, whose values must come from a small fixed set.
    package static func counter(
        _ name: String, _ help: String, by label: String, _ values: [(String, Double)]
    ) -> MetricFamily {
        MetricFamily(
            name, .counter, help, samples: values.map { Sample(labels: [Label(label, $0.0)], value: $0.1) })
    }

    /// One gauge of several values that differ in one label, whose values must come from a small fixed set.
    package static func gauge(
        _ name: String, _ help: String, by label: String, _ values: [(String, Double)]
    ) -> MetricFamily {
        MetricFamily(
            name, .gauge, help, samples: values.map { Sample(labels: [Label(label, $0.0)], value: $0.1) })
    }
}
