/// The verdict: what of the promises was broken. Pure.
package struct ChaosChecker: Sendable {
    private let evidence: ChaosEvidence

    package init(_ evidence: ChaosEvidence) { self.evidence = evidence }

    package func violations() -> [Violation] {
        CallChecker(evidence).violations() + RowChecker(evidence: evidence).violations()
            + WriteChecker(evidence: evidence).violations() + polls() + requests() + ending()
    }

    /// Whether something that an enabled rule asks for has not been tried yet.
    package var hasWorkLeft: Bool {
        RowChecker(evidence: evidence).violations().contains { $0.kind == .leftUndone }
    }

    /// Adds what was checked to the report.
    package func count(into tally: ChaosTally) {
        CallChecker(evidence).count(into: tally)
        RowChecker(evidence: evidence).count(into: tally)
        WriteChecker(evidence: evidence).count(into: tally)
        tally.count(.verified, "users polled again", by: evidence.users.count(where: \.isPolledAgain))
        for failure in evidence.failures { tally.count(.failures, failure.name(among: evidence.disturbances)) }
    }

    private func polls() -> [Violation] {
        evidence.users.filter { !$0.isPolledAgain }.map { Violation(.notPolled, $0.account) }
    }

    /// Requests that failed although nothing that was done to the service explains it.
    package var unexplainedFailures: [RequestFailure] {
        evidence.failures.filter { $0.cause(among: evidence.disturbances) == nil }
    }

    private func requests() -> [Violation] {
        unexplainedFailures.map {
            Violation(.failedRequest, "\($0.name(among: evidence.disturbances)) at \($0.time) \($0.detail)")
        }
    }

    private func ending() -> [Violation] {
        var result = evidence.crashes.map { Violation(.crash, $0) }
        result += (evidence.usage?.leaks ?? []).map { Violation(.leak, $0) }
        result += evidence.leftovers.map { Violation(.badEnd, $0) }
        switch evidence.exitCode {
        case 0: break
        case let code?: result.append(Violation(.badEnd, "exit code \(code) instead of 0"))
        case nil: result.append(Violation(.badEnd, "the service did not end"))
        }
        return result
    }
}
