import TorBoxSimulator

/// Holds every call that changes something against what TorBox had shown and what the users' rules asked for.
struct CallChecker {
    let evidence: ChaosEvidence
    private let users: [String: UserEvidence]
    private let calls: [ControlCall]
    private let unreadable: [CallRecord]

    /// A call under way may arrive after the list that its successor read.
    private static let callUnderWay = 1_000
    /// A destructive call relies on a list at most two minutes old; the rest is for a busy machine.
    private static let greatestAge = 130_000
    /// How long a process needs to write an acknowledgement down, the time-out of the call included.
    private static let writingDown = 6_000

    init(_ evidence: ChaosEvidence) {
        self.evidence = evidence
        users = Dictionary(evidence.users.map { ($0.account, $0) }) { first, _ in first }
        let changes = evidence.calls.filter(ControlCall.isOne)
        calls = changes.compactMap(ControlCall.init)
        unreadable = changes.filter { ControlCall($0) == nil }
    }

    func violations() -> [Violation] {
        unreadable.map { Violation(.unaskedCall, "no account, row or operation: \($0.line)") }
            + calls.compactMap { call in
                objection(to: call).map { Violation(.unaskedCall, "\($0): \(call.record.line)") }
            }
            + doubles()
            + evidence.calls.filter { $0.violation != nil }.map { Violation(.forbiddenCall, $0.line) }
    }

    func count(into tally: ChaosTally) {
        for call in calls {
            tally.count(.actions, "issued")
            tally.count(.actions, call.tookEffectAtOnce ? "took effect at once" : "no effect, or a late one")
            tally.count(.actions, objection(to: call) == nil ? "verified" : "not verified")
        }
        tally.count(.actions, "sent again, rightly", by: repetitions().count - doubles().count)
    }

    // MARK: Asked for

    /// Why nothing asked for it.
    private func objection(to call: ControlCall) -> String? {
        guard let user = users[call.account] else { return "nobody has this account" }
        guard let kind = user.planted[call.row] else { return "no rule is on for this row" }
        guard call.operation == kind.operation else { return "\(call.operation) of a \(kind.rawValue) row" }
        if kind == .toggled, !user.record.mayBeOn(at: call.record.realMilliseconds) { return "its rule was off" }
        return objection(to: call, as: kind)
    }

    private func objection(to call: ControlCall, as kind: RowKind) -> String? {
        let arrival = call.record.realMilliseconds
        for showing in evidence.showings.before(call.record.sequence, of: call.account) {
            let row = showing.rows[call.row]
            if row?.fitsRule(of: kind) == true {
                return arrival - showing.milliseconds > Self.greatestAge ? "the list it rests on is too old" : nil
            }
            guard arrival - showing.milliseconds < Self.callUnderWay else {
                return row == nil ? "the last list does not show it" : "it does not match in the last list"
            }
        }
        return "no list has shown it"
    }

    // MARK: Twice

    private func doubles() -> [Violation] {
        repetitions().compactMap { earlier, later in
            let lines = "\(earlier.record.line) | \(later.record.line)"
            if earlier.tookEffectAtOnce { return Violation(.doubleCall, "it had taken effect: \(lines)") }
            guard earlier.isAcknowledged, !isDisturbed(earlier) else { return nil }
            return Violation(.doubleCall, "it had been acknowledged: \(lines)")
        }
    }

    /// Pairs of a call and the next one of the same account that says the same.
    private func repetitions() -> [(ControlCall, ControlCall)] {
        Dictionary(grouping: calls) { "\($0.account) \($0.record.path) \($0.record.body)" }.values.flatMap {
            zip($0, $0.dropFirst())
        }
    }

    /// Whether the acknowledgement may never have reached the journal.
    private func isDisturbed(_ call: ControlCall) -> Bool {
        let arrival = call.record.realMilliseconds
        let kinds = evidence.disturbances.present(in: arrival...(arrival + Self.writingDown))
        return !kinds.isDisjoint(with: [.workerEnded, .workerPaused, .supervisorDown, .diskFull, .machineBusy])
    }
}
