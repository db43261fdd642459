import DomainModel
import ItemDecoding
import RuleEngine
import Testing
import TorBoxClient
import UserStore

@testable import WorkerCore

@Suite struct UserContractTests {
    private static func snapshot(_ rows: Int, without missing: Set<ItemField> = [], state: String? = nil)
        -> LibrarySnapshot
    {
        var items = (0..<rows).map { DownloadItem.seeding(Int64($0 + 1)) }
        if let state { items[0].downloadState = state }
        var fields = FieldCensus()
        for field in ItemField.allCases where !missing.contains(field) { fields[field] = rows }
        var census = SnapshotCensus()
        census.fields[.torrent] = fields
        return LibrarySnapshot(
            items: items, fetchedAt: noon, assets: [.torrent], plainlyEmptyOrListed: [.torrent], census: census)
    }

    @Test("an episode begins with the first odd snapshot and ends with the first usual one") func episode() {
        var contract = UserContract()
        #expect(contract.take(Self.snapshot(5)) == .none)
        #expect(contract.take(Self.snapshot(5, without: [.ratio])) == .began)
        #expect(contract.verdict.lostFields == [.torrent: [.ratio]])
        #expect(contract.take(Self.snapshot(5, without: [.ratio])) == .none)
        #expect(contract.take(Self.snapshot(5)) == .ended)
        #expect(contract.verdict.isNormal)
    }

    @Test("too few rows to judge keep the judgement there was") func fewRows() {
        var contract = UserContract()
        _ = contract.take(Self.snapshot(5))
        _ = contract.take(Self.snapshot(5, without: [.ratio]))
        #expect(contract.take(Self.snapshot(1)) == .none)
        #expect(contract.verdict.lostFields == [.torrent: [.ratio]])
    }

    @Test("an unknown state makes its item odd and no other") func state() {
        var contract = UserContract()
        #expect(contract.take(Self.snapshot(5, state: "quantum flux")) == .began)
        #expect(contract.verdict.strangeItems == [.torrent(1)])
        #expect(contract.verdict.strangeStates == ["quantum flux"])
        #expect(!contract.verdict.openReason.contains("quantum"))
        #expect(contract.take(Self.snapshot(5, state: "uploading")) == .ended)
    }

    @Test("a lost field freezes the rules that rest on it, for that kind only") func lostField() {
        let verdict = ContractVerdict(lostFields: [.torrent: [.ratio]])
        let byRatio = Self.program(#"{"type":"RATIO","operator":"gte","value":1}"#)
        let byName = Self.program(#"{"type":"NAME","operator":"contains","value":"a"}"#)
        let items = [DownloadItem.seeding(1), .fixture(ItemKey(asset: .usenet, id: 1))]
        let all = RuleOutcome(selected: [0, 1], targets: [0, 1])
        #expect(
            verdict.thawed(all, of: byRatio, items: items) == RuleOutcome(selected: [1], targets: [1], unknown: [0]))
        #expect(verdict.thawed(all, of: byName, items: items) == all)
    }

    @Test("an item in an unknown state is neither destroyed nor told apart by status, all else may happen to it")
    func strangeItem() {
        let verdict = ContractVerdict(strangeItems: [.torrent(1)])
        let (name, status) = (
            #"{"type":"NAME","operator":"contains","value":"a"}"#,
            #"{"type":"STATUS","operator":"is_any_of","value":["seeding"]}"#
        )
        let item = DownloadItem.seeding(1)
        #expect(verdict.isFrozen(item, for: Self.program(name)))
        #expect(!verdict.isFrozen(item, for: Self.program(name, action: #"{"type":"force_start"}"#)))
        #expect(verdict.isFrozen(item, for: Self.program(status, action: #"{"type":"force_start"}"#)))
        #expect(!verdict.isFrozen(.seeding(2), for: Self.program(status)))
    }

    private static func program(_ condition: String, action: String = #"{"type":"delete"}"#) -> RuleProgram {
        let row = RuleRow.fixture {
            $0.conditions = RuleRow.conditions(condition)
            $0.action = action
        }
        return row.program
    }
}
