import Testing

@testable import ChaosVerdict

@Suite struct ChaosTallyTests {
    @Test("the table has a heading for each section and its counts in one column")
    func table() {
        let tally = ChaosTally()
        tally.count(.requests, "sent again", by: 12)
        tally.count(.requests, "wanted", by: 12_345)
        tally.count(.faults, "hang")
        tally.count(.verified, "nothing", by: 0)
        #expect(
            tally.table == """
                Faults at TorBox (times struck)
                  hang               1
                Requests
                  sent again        12
                  wanted         12345
                """)
        #expect(tally.total(.requests) == 12_357)
    }
}
