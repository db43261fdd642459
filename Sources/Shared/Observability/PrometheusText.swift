/// Prometheus' text format, version 0.0.4.
package enum PrometheusText {
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// All metrics of several processes: those of one name together, each sample with its `process`.
    package static func render(_ processes: [(process: String, families: [MetricFamily])]) -> String {
        var byName: [String: [(process: String, family: MetricFamily)]] = [:]
        for (process, families) in processes {
            for family in families { byName[family.name, default: []].append((process, family)) }
        }
        return byName.sorted { $0.key < $1.key }.map { group($0.key, $0.value) }.joined()
    }

    private static func group(_ name: String, _ members: [(process: String, family: MetricFamily)]) -> String {
        guard let first = members.first?.family else { return "" }
        var text = "# HELP \(name) \(escaped(first.help, quotes: false))\n# TYPE \(name) \(first.kind.rawValue)\n"
        // Processes of two versions may differ in a kind for a moment; then the first one's counts.
        for (process, family) in members where family.kind == first.kind {
            for sample in family.samples { text += line(name, sample, process) }
        }
        return text
    }

    private static func line(_ name: String, _ sample: MetricFamily.Sample, _ process: String) -> String {
        let labels = ([MetricFamily.Label("process", process)] + sample.labels)
            .map { "\($0.name)=\"\(escaped($0.value, quotes: true))\"" }
        return "\(name)\(sample.suffix){\(labels.joined(separator: ","))} \(number(sample.value))\n"
    }

    private static func number(_ value: Double) -> String {
        if let whole = Int64(exactly: value) { return String(whole) }
        return value.isInfinite ? (value < 0 ? "-Inf" : "+Inf") : value.isNaN ? "NaN" : String(value)
    }

    private static func escaped(_ text: String, quotes: Bool) -> String {
        var result = text.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
        if quotes { result = result.replacing("\"", with: "\\\"") }
        return result
    }
}
