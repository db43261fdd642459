import Testing

@testable import ChaosVerdict
@testable import TorBoxSimulator

@Suite struct ShowingTests {
    private static func call(query: String = "bypass_cache=true", status: Int = 200, faults: [String] = [])
        -> CallRecord
    {
        CallRecord(
            sequence: 5, realMilliseconds: 1_000, simulatedMilliseconds: 1_000, account: Evidence.account,
            method: "GET", path: SimulatorEndpoint.torrentList.path, query: query, body: "", userAgent: nil,
            status: status, faults: faults, appliedEffect: false, violation: nil)
    }

    private static func showing(_ call: CallRecord, _ text: String) -> Showing? {
        Showing(call, body: Array(text.utf8))
    }

    private static let list =
        #"{"success":true,"data":[{"id":3,"name":"doomed.0","ratio":2.5},{"name":"x","ratio":3}]}"#

    @Test("a list shows its rows by id")
    func rows() {
        let showing = Self.showing(Self.call(), Self.list)
        #expect(showing?.rows == [3: ShownRow(name: "doomed.0", ratio: 2.5)])
        #expect(showing?.sequence == 5)
    }

    @Test("odd types show nothing, so that they fit no rule")
    func oddTypes() {
        let showing = Self.showing(
            Self.call(), #"{"success":true,"data":[{"id":3,"name":{},"ratio":[3]},{"id":"4","ratio":3}]}"#)
        #expect(showing?.rows == [3: ShownRow(name: nil, ratio: nil)])
        #expect(showing?.rows[3]?.fitsRule(of: .doomed) == false)
    }

    @Test(
        "an answer from which nobody learns anything is no list",
        arguments: [
            #"{"success":false,"data":[]}"#, #"{"success":true,"data":null}"#, #"{"success":true}"#, "{\"success\":",
            #"{"success":"yes","data":[]}"#,
        ])
    func noList(text: String) { #expect(Self.showing(Self.call(), text) == nil) }

    @Test("neither is one that was cut off, never sent, refused, or about one row")
    func notSent() {
        #expect(Self.showing(Self.call(faults: ["cutBody"]), Self.list) == nil)
        #expect(Self.showing(Self.call(status: 0), Self.list) == nil)
        #expect(Self.showing(Self.call(status: 502), Self.list) == nil)
        #expect(Self.showing(Self.call(query: "id=3&bypass_cache=true"), Self.list) == nil)
    }

    @Test("what a real simulator sends is read as it was meant")
    func simulator() async throws {
        let witness = Witness()
        var configuration = SimulatorConfiguration()
        configuration.onAnswer = { witness.note(Showing($0, body: $1)) }
        let simulator = try await TorBoxSimulator.start(configuration)
        simulator.addAccount("key-1")
        let id = simulator.add(.seeding("doomed.0", ratio: 3), to: "key-1")
        try await witness.read(simulator.baseURL, key: "key-1")
        await simulator.stop()
        #expect(witness.showings.map(\.rows) == [[id: ShownRow(name: "doomed.0", ratio: 3)]])
    }
}
