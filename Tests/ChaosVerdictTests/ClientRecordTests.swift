import Testing

@testable import ChaosVerdict

@Suite struct ClientRecordTests {
    private var record = ClientRecord()

    private mutating func write(_ version: Int, on: Bool = true, at now: Int, isAnswered: Bool = true) {
        let write = record.begin(.init(version: version, isToggleOn: on), at: now)
        if isAnswered { record.acknowledge(write, at: now + 10) }
    }

    @Test("only what was acknowledged is acceptable, and what may still come")
    mutating func acceptable() {
        write(1, at: 0)
        write(2, at: 1_000, isAnswered: false)
        write(3, at: 2_000)
        #expect(Set(record.acceptable.map(\.version)) == [2, 3])
        write(4, at: 30_000)
        #expect(Set(record.acceptable.map(\.version)) == [4], "what was sent half a minute ago does not come any more")
    }

    @Test("switching one rule leaves open which of two lists it was switched in")
    mutating func toggleKeepsVersion() {
        write(1, at: 0)
        write(2, at: 1_000, isAnswered: false)
        let toggle = record.beginToggle(false, at: 60_000)
        #expect(record.acceptable.count == 4)
        record.acknowledge(toggle, at: 60_010)
        #expect(record.acceptable == [.init(version: 1, isToggleOn: false), .init(version: 2, isToggleOn: false)])
        write(3, at: 80_000)
        #expect(record.acceptable == [.init(version: 3, isToggleOn: true)])
    }

    @Test("a write that is sent again may still come from its last attempt on")
    mutating func resend() {
        let lost = record.begin(.init(version: 1, isToggleOn: true), at: 0)
        record.resend(lost, at: 20_000)
        write(2, at: 30_000)
        #expect(Set(record.acceptable.map(\.version)) == [1, 2])
    }

    @Test(
        "the toggle may be on from the first request to switch it on until after the answer to the last to switch it off"
    )
    mutating func onTimes() {
        write(1, on: false, at: 0)
        #expect(!record.mayBeOn(at: 5_000))
        write(1, on: true, at: 10_000, isAnswered: false)
        #expect(record.mayBeOn(at: 10_000))
        write(1, on: false, at: 40_000)
        #expect(record.mayBeOn(at: 40_010 + ClientRecord.callUnderWay))
        #expect(!record.mayBeOn(at: 40_011 + ClientRecord.callUnderWay))
        #expect(!record.mayBeOn(at: 9_999))
    }

    @Test("a lost request to switch on that may still come keeps the time open")
    mutating func lingering() {
        write(1, on: true, at: 0, isAnswered: false)
        write(1, on: false, at: 1_000)
        #expect(record.mayBeOn(at: 100_000))
        write(2, on: false, at: 40_000)
        #expect(!record.mayBeOn(at: 100_000))
    }
}
