import DomainModel
package import TorBoxSimulator

/// What one list of TorBox's said of one row. Whatever had an odd type is nil.
package struct ShownRow: Sendable, Equatable {
    package var name: String?
    package var ratio: Double?

    package init(name: String?, ratio: Double?) {
        self.name = name
        self.ratio = ratio
    }

    /// Whether a rule that is on asked for its operation.
    func fitsRule(of kind: RowKind) -> Bool {
        name.flatMap(RowKind.init(rowName:)) == kind && ratio.map { $0 > RowKind.ratioLimit } ?? false
    }
}

/// One list of torrents as TorBox sent it, faults included.
package struct Showing: Sendable, Equatable {
    /// Of the call.
    package var sequence: Int
    /// Unix milliseconds at which the call arrived.
    package var milliseconds: Int
    package var rows: [Int: ShownRow]

    package init(sequence: Int, milliseconds: Int, rows: [Int: ShownRow]) {
        self.sequence = sequence
        self.milliseconds = milliseconds
        self.rows = rows
    }

    /// Nil when nobody can have learned anything from the answer: no list, no success, cut off, or not sent at all.
    package init?(_ call: CallRecord, body: [UInt8]) {
        guard call.endpoint == .torrentList, call.status == 200, !call.query.contains("id="),
            !call.faults.contains("cutBody"),
            // An answer that is no JSON is one of the faults.
            let answer = try? JSONValue(parsing: body), answer["success"]?.boolValue == true,
            let listed = answer["data"]?.arrayValue
        else { return nil }
        let rows = listed.compactMap { row in
            row["id"]?.integerValue.map {
                (Int($0), ShownRow(name: row["name"]?.stringValue, ratio: row["ratio"]?.doubleValue))
            }
        }
        self.init(
            sequence: call.sequence, milliseconds: call.realMilliseconds,
            rows: Dictionary(rows) { first, _ in first })
    }
}
