import DomainModel

/// Average speeds from the samples of earlier polls.
enum AverageSpeed {
    private static let mebibyte = 1_048_576.0
    private static let millisecondsPerHour = 3_600_000.0

    /// MiB/s over the last `hours`: what the counter grew by between the first and the last sample in that window,
    /// never below 0. Nil without two samples that lie at least half of `hours` apart: too little to say anything.
    static func measure(
        _ type: ConditionType, hours: Double, _ key: ItemKey, _ context: borrowing EvaluationContext
    ) -> Double? {
        guard let samples = context.samples[key], let last = samples.last else { return nil }
        let start = Double(context.now.milliseconds) - hours * millisecondsPerHour
        guard let first = samples.first(where: { Double($0.at.milliseconds) >= start.rounded(.down) }) else {
            return nil
        }
        let span = Double(last.at.milliseconds(since: first.at))
        guard span > 0, span * 2 >= hours * millisecondsPerHour else { return nil }
        let bytes =
            type == .averageDownloadSpeed
            ? last.downloaded.subtractingReportingOverflow(first.downloaded)
            : last.uploaded.subtractingReportingOverflow(first.uploaded)
        guard !bytes.overflow else { return nil }
        return max(0, Double(bytes.partialValue) / (span / 1_000)) / mebibyte
    }
}
