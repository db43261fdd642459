import DomainModel
import RuleEngine

@testable import UserStore
@testable import WorkerCore

/// Noon of 2026-08-20, UTC: the clock of these tests.
let noon = Timestamp(milliseconds: 1_787_227_200_000)

/// So many seconds after noon.
func noon(_ seconds: Int64) -> Timestamp { noon.advanced(bySeconds: seconds) }

extension UserID {
    /// Told apart by number; each below 256 is in the slot of that number.
    static func sample(_ number: UInt8) -> UserID {
        guard let id = UserID(Slot(number).description + String(repeating: "0", count: 62)) else {
            preconditionFailure("64 hex digits are an id")
        }
        return id
    }
}

extension ItemKey {
    static func torrent(_ id: Int64) -> ItemKey { ItemKey(asset: .torrent, id: id) }
    static func queued(_ id: Int64, _ asset: AssetType = .torrent) -> ItemKey {
        ItemKey(asset: asset, isQueued: true, id: id)
    }
}

extension DownloadItem {
    /// A row of which nothing but key and hash is known, with what `change` sets.
    static func fixture(_ key: ItemKey, _ change: (inout DownloadItem) -> Void = { _ in }) -> DownloadItem {
        var item = DownloadItem(key: key)
        item.isMarkedQueued = key.isQueued
        item.hash = "hash-\(key)"
        item.name = "name of \(key)"
        change(&item)
        return item
    }

    static func seeding(_ id: Int64, _ change: (inout DownloadItem) -> Void = { _ in }) -> DownloadItem {
        .fixture(.torrent(id)) {
            $0.isActive = true
            $0.isFinished = true
            $0.isPresent = true
            change(&$0)
        }
    }
}

extension RuleRow {
    /// An enabled rule that matches every torrent (progress of at least 0 percent), with what `change` sets.
    static func fixture(_ id: Int64 = 1, _ change: (inout RuleRow) -> Void = { _ in }) -> RuleRow {
        var row = RuleRow(
            id: RuleID(id), name: "rule \(id)", isEnabled: true, assetTypes: #"["torrent"]"#,
            trigger: #"{"type":"interval","value":30}"#,
            conditions: conditions(#"{"type":"PROGRESS","operator":"gte","value":0}"#),
            action: #"{"type":"delete"}"#, executionCount: 0, createdAt: noon, updatedAt: noon, revision: 1)
        change(&row)
        return row
    }

    /// One group of these conditions, all of which must hold.
    static func conditions(_ conditions: String) -> String {
        #"{"groups":[{"conditions":[\#(conditions)],"logicOperator":"and"}],"logicOperator":"and"}"#
    }

    var program: RuleProgram { RuleProgram(RuleJSONForm.stored(self)) }

    var entry: PollRules.Entry { PollRules.Entry(program: program, row: self) }
}

extension ParkedBatch {
    /// Of rule 1, for deleting, parked at noon, with what `change` sets.
    static func fixture(
        _ id: Int64 = 1, _ state: State = .open, reason: Reason = .limit, items: [ActionRow],
        _ change: (inout ParkedBatch) -> Void = { _ in }
    ) -> ParkedBatch {
        var batch = ParkedBatch(
            id: id, rule: RuleID(1), ruleName: "rule 1", revision: 1, action: "delete", reason: reason, limit: 10,
            librarySize: 12, state: state, createdAt: noon, updatedAt: noon, decidedAt: state == .open ? nil : noon,
            items: items)
        change(&batch)
        return batch
    }
}

extension ActionRow {
    /// A delete of torrent 1 that was sent at noon, with what `change` sets.
    static func fixture(
        _ id: Int64, _ state: ActionState, _ action: String = "delete", on item: ItemKey = .torrent(1),
        _ change: (inout ActionRow) -> Void = { _ in }
    ) -> ActionRow {
        var row = ActionRow(
            id: id, rule: RuleID(1), ruleName: "rule 1", revision: 1, item: item, hash: "hash-\(item)", action: action,
            state: state, createdAt: noon, sentAt: noon)
        change(&row)
        return row
    }

    static func fixture(
        _ state: ActionState, _ action: String = "delete", on item: ItemKey = .torrent(1),
        _ change: (inout ActionRow) -> Void = { _ in }
    ) -> ActionRow { .fixture(1, state, action, on: item, change) }
}
