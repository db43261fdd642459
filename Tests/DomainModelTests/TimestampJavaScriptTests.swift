import DomainModel
import Testing

@Suite struct TimestampJavaScriptTests {
    /// 2026-08-20T02:00:00Z.
    private static let two: Int64 = 1_787_191_200_000

    @Test(
        "dates are read as JavaScript in UTC reads them",
        arguments: [
            ("2026-08-20T02:00:00Z", two), ("2026-08-20T02:00:00.000Z", two), ("2026-08-20T02:00Z", two),
            ("2026-08-20t02:00:00z", two), ("2026-08-20 02:00:00", two), ("2026-08-20 02:00:00Z", two),
            ("2026-08-20 02:00:00+00:00", two), ("2026-08-20T04:00:00+02:00", two), ("2026-08-19T20:30:00-05:30", two),
            ("2026-08-20T04:00:00+0200", two), ("2026-08-20T02:00:00.123456Z", two + 123),
            ("2026-08-20T02:00:00.1239999999+00:00", two + 123), ("2026-08-20T02:00:00.5", two + 500),
            ("2026-08-20", two - 7_200_000), ("2026-08", 1_785_542_400_000), ("2026", 1_767_225_600_000),
            ("2026-08-19T24:00:00Z", two - 7_200_000), ("Thu, 20 Aug 2026 02:00:00 GMT", two),
            ("20 Aug 2026 02:00:00 GMT", two), ("1970-01-01T00:00:00Z", 0), ("2024-02-29T00:00:00Z", 1_709_164_800_000),
        ])
    func read(text: String, milliseconds: Int64) {
        #expect(Timestamp(javaScriptText: text)?.milliseconds == milliseconds)
    }

    @Test(
        "what is no date is none",
        arguments: [
            "", "garbage", "2026-13-45T99:00:00Z", "2026-02-30", "2025-02-29T00:00:00Z", "1787191200000",
            " 2026-08-20T02:00:00.000Z ", "2026-08-20T", "2026-08-20T02", "2026-08-20T02:00:00.Z",
            "2026-08-20T02:60:00Z",
            "2026-08-20T24:00:01Z", "2026-08-20T02:00:00ZZ", "2026-08-20T02:00:00+2", "2026-8-20", "202", "2026-00-10",
            "Thu, 20 Aux 2026 02:00:00 GMT", "Thu, 99 Aug 2026 02:00:00 GMT", "20 Aug 2026 02:00:00 CEST", "null",
        ])
    func notRead(text: String) {
        #expect(Timestamp(javaScriptText: text) == nil)
    }

    @Test("numbers are milliseconds, fractions dropped, within JavaScript's range of dates")
    func numbers() {
        #expect(Timestamp(javaScriptMilliseconds: 1_500.9)?.milliseconds == 1_500)
        #expect(Timestamp(javaScriptMilliseconds: -1_500.9)?.milliseconds == -1_500)
        #expect(Timestamp(javaScriptMilliseconds: 8.64e15)?.milliseconds == 8_640_000_000_000_000)
        #expect(Timestamp(javaScriptMilliseconds: 8.64e15 + 2) == nil)
        #expect(Timestamp(javaScriptMilliseconds: .nan) == nil)
        #expect(Timestamp(javaScriptMilliseconds: .infinity) == nil)
    }

    @Test("the spellings of stored columns come back as they were written")
    func stored() {
        let moment = Timestamp(milliseconds: Self.two + 7)
        #expect(Timestamp(storedText: moment.iso8601) == moment)
        #expect(Timestamp(storedText: moment.sqliteText)?.milliseconds == Self.two)
        #expect(Timestamp(storedText: "2026-08-20 02:00:00 ") == nil)
    }
}
