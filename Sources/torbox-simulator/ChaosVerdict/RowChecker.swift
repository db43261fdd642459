import TorBoxSimulator

/// What must be left of the rows at the end, and what must not.
struct RowChecker {
    let evidence: ChaosEvidence

    func violations() -> [Violation] {
        let touched = Set(
            evidence.calls.filter { ControlCall.isOne($0) && $0.status == 200 }.compactMap { record in
                ControlCall(record).map { "\($0.account) \($0.row)" }
            })
        return evidence.users.flatMap { user in
            user.planted.sorted { $0.key < $1.key }.compactMap { id, kind in
                let left = user.left[id]
                if left == nil, kind.operation != "delete" { return lost(id, kind, user) }
                // One that TorBox confirmed and did not carry out is never sent again, so it may stand for good.
                guard let left, isDue(left, kind, user), !touched.contains("\(user.account) \(id)") else { return nil }
                return Violation(.leftUndone, "\(kind.rawValue) row \(id) of \(user.account) was never acted on")
            }
        }
    }

    func count(into tally: ChaosTally) {
        let untouchable = evidence.users.flatMap(\.planted.values).filter { $0.operation == nil }
        for kind in untouchable { tally.count(.verified, "\(kind.rawValue) rows") }
    }

    private func lost(_ id: Int, _ kind: RowKind, _ user: UserEvidence) -> Violation {
        Violation(.lostRow, "\(kind.rawValue) row \(id) of \(user.account) is gone")
    }

    /// Whether a rule that is on for certain asks for its operation.
    private func isDue(_ row: SimulatedItem, _ kind: RowKind, _ user: UserEvidence) -> Bool {
        guard kind.operation != nil, (row.ratio ?? 0) > RowKind.ratioLimit else { return false }
        switch kind {
        case .toggled: return !user.record.acceptable.contains { !$0.isToggleOn }
        case .stopped: return row.downloadState == "uploading"
        default: return true
        }
    }
}
