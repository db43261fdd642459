import DomainModel
import Foundation
import NIOHTTP1
import ServiceHarness
import Testing
import TorBoxSimulator

/// Uploads while things go wrong: each ends in the library exactly once.
@Suite(.serialized) struct UploadFaultTests {
    private func expectAllOnce(_ fixture: Fixture, _ keys: [String], _ count: Int) async throws {
        let isDone = try await eventually(within: .seconds(60)) {
            for key in keys where try await fixture.statusCounts(key: key) != ["completed": .integer(Int64(count))] {
                return false
            }
            return true
        }
        #expect(isDone)
        for key in keys {
            #expect(fixture.simulator.items(.torrent, of: key).map(\.hash).sorted() == (1...count).map(Fixture.hash))
            let applied = fixture.createCalls(key: key).filter(\.appliedEffect)
            #expect(applied.count == count, "\(applied.map(\.line))")
        }
    }

    @Test("kill -9 of the worker between create and answer: what was carried out is found, what was not is sent again")
    func killedWorker() async throws {
        // Long enough to be killed before it is over.
        let settings = Fixture.fastUploads.merging(["CREATE_UPLOAD_TIMEOUT_MS": "10000"]) { $1 }
        let fixture = try await Fixture.start(workers: 1, environment: settings)
        let (applied, lost) = (try await fixture.addUser(1), try await fixture.addUser(2))
        for (key, effect) in [(applied, true), (lost, false)] {
            fixture.simulator.inject(
                SimulatedFault(.hang(appliesEffect: effect), account: key, endpoints: [.torrentCreate]))
        }
        for key in [applied, lost] {
            for number in 1...3 { try await fixture.upload(Fixture.magnet(number), key: key) }
        }
        let areUnderWay = try await eventually { fixture.createCalls().count == 2 }
        #expect(areUnderWay)
        kill(try #require(fixture.service.children["worker 0"]), SIGKILL)
        try await expectAllOnce(fixture, [applied, lost], 3)
        #expect(fixture.createCalls(key: applied).count == 3)
        #expect(fixture.createCalls(key: lost).count == 4)
        let (code, leftovers) = try await fixture.stop()
        #expect(code == 0 && leftovers == [])
    }

    @Test("TorBox's limits, with headers and without, are waited out")
    func limits() async throws {
        let fixture = try await Fixture.start(workers: 1, environment: Fixture.fastUploads)
        let faults: [FaultKind] = [
            .rateLimited(retryAfterSeconds: 1),
            // To plain `application/json` the simulator adds its limit headers, which then are to be waited out.
            .raw(status: 429, body: #"{"detail":"60 per 1 hour"}"#, contentType: "application/json; charset=utf-8"),
        ]
        var keys: [String] = []
        for (number, fault) in faults.enumerated() {
            let key = try await fixture.addUser(number)
            fixture.simulator.inject(SimulatedFault(fault, account: key, endpoints: [.torrentCreate], skipping: 1))
            for number in 1...3 { try await fixture.upload(Fixture.magnet(number), key: key) }
            keys.append(key)
        }
        try await expectAllOnce(fixture, keys, 3)
        for key in keys { #expect(fixture.createCalls(key: key).count { $0.status == 429 } <= 1) }
        #expect(try await fixture.stop().exitCode == 0)
    }

    @Test(
        "an outage that begins in the middle of creates: all wait, none is doubled, and they go on when TorBox is back")
    func outage() async throws {
        let fixture = try await Fixture.start(workers: 1, environment: Fixture.fastUploads)
        var keys: [String] = []
        for number in 1...3 { keys.append(try await fixture.addUser(number)) }
        fixture.simulator.inject(SimulatedFault(.statusAfterEffect(502), endpoints: [.torrentCreate], times: 2))
        let outage = fixture.simulator.inject(SimulatedFault(.status(503), times: nil, skipping: 12))
        for key in keys { for number in 1...4 { try await fixture.upload(Fixture.magnet(number), key: key) } }
        let isAway = try await eventually(within: .seconds(20)) {
            fixture.simulator.calls().count { $0.status == 503 } >= 6
        }
        #expect(isAway)
        fixture.simulator.clearFaults(outage)
        try await expectAllOnce(fixture, keys, 4)
        #expect(try await fixture.stop().exitCode == 0)
    }

    @Test("every kind over real HTTP, and an orderly restart that finds what waits")
    func everyKind() async throws {
        let fixture = try await Fixture.start(workers: 1, environment: Fixture.fastUploads)
        let key = try await fixture.addUser(1)
        let torrent =
            "d8:announce3:udp4:infod6:lengthi5e4:name5:hello12:piece lengthi16384e6:pieces20:01234567890123456789ee"
        try await fixture.upload(Fixture.magnet(1), key: key)
        _ = try await fixture.uploadFile(torrent, as: "hello.torrent", "torrent", key: key)
        let nzb = try await fixture.uploadFile("<nzb></nzb>", as: "a.nzb", "usenet", key: key)
        try await fixture.upload(
            #"{"type":"webdl","upload_type":"link","name":"f","url":"https://host.example/f"}"#, key: key)
        let isDone = try await eventually(within: .seconds(30)) {
            try await fixture.statusCounts(key: key) == ["completed": .integer(4)]
        }
        #expect(isDone)
        let file = try await fixture.rest.send(.GET, "/api/uploads/\(nzb)/download", key: key)
        #expect(file.body == "<nzb></nzb>" && file.headers["content-disposition"] == ["attachment; filename=\"a.nzb\""])
        // Nobody is at home at TorBox: this one waits over the restart.
        fixture.simulator.inject(SimulatedFault(.status(503), endpoints: SimulatorEndpoint.lists, times: nil))
        try await fixture.upload(Fixture.magnet(2), key: key)
        #expect(try await fixture.service.stop() == 0)
        fixture.simulator.clearFaults()
        let second = try ServiceProcess(
            binaries: Binaries.directory,
            environment: Fixture.settings(fixture.directory, fixture.simulator, 1).merging(Fixture.fastUploads) { $1 })
        defer { second.killAll() }
        _ = try await second.baseURL()
        let isThere = try await eventually(within: .seconds(30)) {
            fixture.simulator.items(.torrent, of: key).contains { $0.hash == Fixture.hash(2) }
        }
        #expect(isThere)
        #expect(try await second.stop() == 0)
        await fixture.simulator.stop()
    }
}
