import DomainModel
import ItemDecoding
import Testing

@testable import WorkerCore

@Suite struct FieldBaselineTests {
    /// Every row has every field, except for those named, of which so many rows have one.
    private static func census(_ rows: Int, _ counts: [ItemField: Int] = [:]) -> FieldCensus {
        var census = FieldCensus()
        for field in ItemField.allCases { census[field] = counts[field] ?? rows }
        return census
    }

    private static func learned(_ census: FieldCensus, rows: Int) -> FieldBaseline {
        var baseline = FieldBaseline()
        baseline.learn(census, rows: rows, lost: [])
        return baseline
    }

    @Test("a field that most rows had and none has is lost") func vanished() {
        let baseline = Self.learned(Self.census(4, [.ratio: 2]), rows: 4)
        #expect(baseline.lost(Self.census(4, [.ratio: 0]), rows: 4) == [.ratio])
        #expect(baseline.lost(Self.census(4, [.ratio: 1]), rows: 4).isEmpty)
    }

    @Test("a field that few rows ever had may be in none") func rare() {
        let baseline = Self.learned(Self.census(10, [.expiresAt: 4]), rows: 10)
        #expect(baseline.lost(Self.census(10, [.expiresAt: 0]), rows: 10).isEmpty)
    }

    @Test("a field that nearly all rows had and less than half have is lost, in a library of some size") func jump() {
        let baseline = Self.learned(Self.census(20), rows: 20)
        #expect(baseline.lost(Self.census(10, [.seeds: 4]), rows: 10) == [.seeds])
        #expect(baseline.lost(Self.census(10, [.seeds: 5]), rows: 10).isEmpty)
        #expect(baseline.lost(Self.census(9, [.seeds: 4]), rows: 9).isEmpty)
    }

    @Test("fields that every row has are missed without any past") func always() {
        #expect(FieldBaseline().lost(Self.census(3, [.active: 0, .ratio: 0]), rows: 3) == [.active])
    }

    @Test("two rows say nothing about a format") func fewRows() {
        #expect(Self.learned(Self.census(9), rows: 9).lost(FieldCensus(), rows: 2).isEmpty)
    }

    @Test("what is lost does not become usual by staying away") func stays() {
        var baseline = Self.learned(Self.census(5), rows: 5)
        for _ in 0..<10 {
            let lost = baseline.lost(Self.census(5, [.seeds: 0]), rows: 5)
            #expect(lost == [.seeds])
            baseline.learn(Self.census(5, [.seeds: 0]), rows: 5, lost: lost)
        }
        #expect(baseline.lost(Self.census(5), rows: 5).isEmpty)
    }
}
