import ServiceHarness

@testable import ChaosVerdict
@testable import TorBoxSimulator

/// A small story in which everything is as it should be; tests spoil one thing each.
///
/// One account with one row of each kind, id 1 and up in the order of ``RowKind``. A list shows them at second 1, the
/// calls that rules ask for come at second 2.
struct Evidence {
    static let account = "a1b2c3d4"
    var evidence = ChaosEvidence()
    private var sequence = 0

    init() {
        var record = ClientRecord()
        let write = record.begin(.init(version: 1, isToggleOn: true), at: 0)
        record.acknowledge(write, at: 100)
        record.tags = ["tag 1": 7]
        record.mappings = [.init(download: 3, tag: 7)]
        record.archived = ["900001"]
        record.protected = ["\(Self.row(.guarded))"]
        let shown = FinalState(
            rulesVersion: 1, isToggleOn: true, tags: ["tag 1"], mappings: record.mappings, archived: ["900001"],
            protected: record.protected)
        let planted = Dictionary(uniqueKeysWithValues: RowKind.allCases.map { (Self.row($0), $0) })
        var user = UserEvidence(
            account: Self.account, record: record, shown: shown, planted: planted, left: [:], isPolledAgain: true)
        for kind in RowKind.allCases where kind.operation != "delete" {
            user.left[Self.row(kind)] = .seeding("\(kind.rawValue).0", ratio: 3)
        }
        user.left[Self.row(.stopped)] = .completed("stopped.0")
        evidence.users = [user]
        let usage = ProcessUsage(proportionalKiB: 200_000, descriptors: 700, sockets: 50)
        evidence.usage = UsageChange(before: usage, after: usage)
        show(at: 1_000)
        for kind in RowKind.allCases {
            if let operation = kind.operation { call(operation, on: kind, at: 2_000) }
        }
    }

    static func row(_ kind: RowKind) -> Int { (RowKind.allCases.firstIndex(of: kind) ?? 0) + 1 }

    var user: UserEvidence {
        get { evidence.users[0] }
        set { evidence.users[0] = newValue }
    }

    /// A list with all rows but those left out, with this ratio.
    mutating func show(at milliseconds: Int, ratio: Double? = 3, without hidden: RowKind? = nil) {
        sequence += 1
        var rows: [Int: ShownRow] = [:]
        for kind in RowKind.allCases where kind != hidden {
            rows[Self.row(kind)] = ShownRow(name: "\(kind.rawValue).0", ratio: ratio)
        }
        evidence.showings.add(
            Showing(sequence: sequence, milliseconds: milliseconds, rows: rows), to: Self.account)
    }

    mutating func call(
        _ operation: String, on kind: RowKind, at milliseconds: Int, faults: [String] = [], status: Int = 200,
        appliesEffect: Bool = true
    ) {
        sequence += 1
        let body = "{\"torrent_id\":\(Self.row(kind)),\"operation\":\"\(operation)\"}"
        evidence.calls.append(
            CallRecord(
                sequence: sequence, realMilliseconds: milliseconds, simulatedMilliseconds: milliseconds,
                account: Self.account, method: "POST", path: SimulatorEndpoint.torrentControl.path, query: "",
                body: body, userAgent: nil, status: status, faults: faults, appliedEffect: appliesEffect,
                violation: nil))
    }

    /// The kinds of violation that are found.
    var found: [Violation.Kind] { ChaosChecker(evidence).violations().map(\.kind) }
}
