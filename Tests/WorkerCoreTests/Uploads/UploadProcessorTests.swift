import DomainModel
import Foundation
import Registry
import Testing
import TorBoxClient
import TorBoxSimulator
import UserStore
import WireProtocol

@testable import WorkerCore

@Suite(.serialized, .timeLimit(.minutes(5))) struct UploadProcessorTests {
    @Test("a magnet, a torrent file, an NZB, and links of both kinds end in the library, each under its own kind")
    func everyKind() async throws {
        try await WorkerBench.run { bench in
            let ids = [
                try await bench.uploadMagnet(1), try await bench.uploadFile(UploadSample.torrent(), as: "a.torrent"),
                try await bench.uploadFile(UploadSample.nzb(), as: "b.nzb", "usenet"),
                try await bench.upload(UploadSample.linkBody("https://index.example/c.nzb", type: "usenet")),
                try await bench.upload(UploadSample.linkBody("https://host.example/d.tar")),
            ]
            #expect(await bench.drain() == nil)
            for id in ids {
                let row = try #require(try await bench.uploadRow(id))
                #expect(row.status == .completed, "\(row)")
                #expect(row.torboxID != nil && row.torboxHash != nil && row.torboxAuthID != nil)
                #expect(row.completedAt == noon)
            }
            #expect(bench.library().count == 2)
            #expect(bench.library(.usenet).count == 2)
            #expect(bench.library(.webDownload).count == 1)
            #expect(bench.simulator.items(.usenet, of: WorkerBench.key).map(\.name).contains("b"))
        }
    }

    @Test("uploads go in the order of the queue, one create each, and nothing is left to wake for")
    func order() async throws {
        try await WorkerBench.run { bench in
            let first = try await bench.uploadMagnet(1)
            for number in 2...4 { try await bench.uploadMagnet(number) }
            let order = try #require(try await bench.uploadRow(first)?.queueOrder)
            let moved = await bench.ask(
                Operation.moveUpload, json: #"{"id":\#(first),"old_order":\#(order),"new_order":\#(order + 2)}"#)
            #expect(moved.status == 200)
            #expect(bench.parts.users.directory[bench.user]?.uploads.queued == 4)
            #expect(await bench.drain() == nil)
            let sent = bench.creates.map { $0.body.firstMatch(of: /film-(\d)/).map { String($0.1) } ?? "" }
            #expect(sent == ["2", "3", "1", "4"])
            #expect(try await bench.parts.registry.user(bench.user)?.uploads.queued == 0)
        }
    }

    @Test("what the account has already, listed or queued, is completed without a create")
    func duplicates() async throws {
        try await WorkerBench.run { bench in
            let listed = bench.simulator.add(
                SimulatedItem("x", hash: UploadSample.hash(1)), to: WorkerBench.key)
            bench.simulator.add(SimulatedQueueItem("y", hash: UploadSample.hash(2)), to: WorkerBench.key)
            let ids = [
                try await bench.uploadMagnet(1), try await bench.uploadMagnet(2), try await bench.uploadMagnet(3),
            ]
            let again = try await bench.uploadMagnet(3)
            await bench.drain()
            #expect(try await bench.uploadRow(ids[0])?.torboxID == Int64(listed))
            for id in ids + [again] { #expect(try await bench.uploadRow(id)?.status == .completed) }
            #expect(bench.creates.count == 1)
        }
    }

    @Test("TorBox's word that an item is there already is a success")
    func duplicateItem() async throws {
        try await WorkerBench.run { bench in
            bench.simulator.add(SimulatedItem("x", hash: UploadSample.hash(1)), to: WorkerBench.key)
            // A list that is no plain statement: the duplicate is not seen before.
            bench.simulator.inject(SimulatedFault(.nullData, endpoints: [.torrentList], times: nil))
            let id = try await bench.uploadMagnet(1)
            await bench.drain()
            #expect(try await bench.uploadRow(id)?.status == .completed)
            #expect(bench.creates.count == 1 && bench.library().count == 1)
            #expect(try await bench.attempts().map(\.outcome.code) == ["DUPLICATE_ITEM"])
        }
    }

    // MARK: Lost answers

    static let losses: [FaultKind] = [
        .answerLost, .hang(appliesEffect: true), .statusAfterEffect(502), .cutBody(fraction: 0.2),
    ]

    @Test("a create whose answer was lost is found in the list and never sent again", arguments: losses)
    func lostAnswer(fault: FaultKind) async throws {
        try await WorkerBench.run { bench in
            bench.simulator.inject(SimulatedFault(fault, endpoints: [.torrentCreate]))
            let id = try await bench.uploadMagnet(1)
            let next = try #require(await bench.drain())
            let row = try #require(try await bench.uploadRow(id))
            #expect(row.status == .queued && row.unsettledSince == noon)
            #expect(row.errorMessage == UploadMessage.connection || row.errorMessage == UploadMessage.unsettled)
            bench.advance(max(1, next.milliseconds(since: bench.now.value) / 1_000 + 1))
            #expect(await bench.drain() == nil)
            #expect(try await bench.uploadRow(id)?.status == .completed)
            #expect(bench.creates.count == 1)
            #expect(bench.library() == [UploadSample.hash(1)])
            #expect(try await bench.attempts().map(\.outcome) == [.success])
        }
    }

    @Test("a create that was not carried out is sent again only once a list of later than its time-out proves it")
    func provedAbsent() async throws {
        try await WorkerBench.run { bench in
            bench.simulator.inject(SimulatedFault(.hang(appliesEffect: false), endpoints: [.torrentCreate]))
            let id = try await bench.uploadMagnet(1)
            await bench.drain()
            bench.advance(31)
            #expect(await bench.drain() == noon(60))
            #expect(bench.creates.count == 1)
            #expect(try await bench.uploadRow(id)?.errorMessage == UploadMessage.unsettled)
            bench.advance(30)
            #expect(await bench.drain() == nil)
            #expect(bench.creates.count == 2)
            #expect(try await bench.uploadRow(id)?.status == .completed)
            #expect(bench.library() == [UploadSample.hash(1)])
        }
    }

    @Test("what TorBox carries out after the answer was lost is waited for, not doubled")
    func lateEffect() async throws {
        try await WorkerBench.run { bench in
            bench.simulator.inject(SimulatedFault(.answerLost, endpoints: [.webDownloadCreate]))
            bench.simulator.inject(SimulatedFault(.effectDelayed(seconds: 50), endpoints: [.webDownloadCreate]))
            let id = try await bench.upload(UploadSample.linkBody("https://host.example/f"))
            await bench.drain()
            for _ in 0..<4 {
                bench.advance(31)
                await bench.drain()
            }
            #expect(try await bench.uploadRow(id)?.status == .completed)
            #expect(bench.creates.count == 1 && bench.library(.webDownload).count == 1)
        }
    }

    @Test("while TorBox's list is no plain statement nothing lost is repeated")
    func doubtfulList() async throws {
        try await WorkerBench.run { bench in
            bench.simulator.inject(SimulatedFault(.hang(appliesEffect: false), endpoints: [.torrentCreate]))
            let id = try await bench.uploadMagnet(1)
            await bench.drain()
            bench.simulator.inject(SimulatedFault(.nullData, endpoints: [.torrentList], times: nil))
            for _ in 0..<10 {
                bench.advance(120)
                await bench.drain()
            }
            #expect(bench.creates.count == 1)
            #expect(try await bench.uploadRow(id)?.errorMessage == UploadMessage.unsettled)
            bench.simulator.clearFaults()
            bench.advance(120)
            await bench.drain()
            #expect(bench.creates.count == 2)
            #expect(try await bench.uploadRow(id)?.status == .completed)
        }
    }

    @Test("an NZB file, whose hash nobody knows before, is found by its name and age")
    func lostFile() async throws {
        try await WorkerBench.run { bench in
            bench.simulator.add(SimulatedItem("b", kind: .usenet, createdAt: 1_700_000_000), to: WorkerBench.key)
            bench.simulator.inject(SimulatedFault(.answerLost, endpoints: [.usenetCreate]))
            let id = try await bench.uploadFile(UploadSample.nzb(), as: "b.nzb", "usenet")
            await bench.drain()
            bench.advance(31)
            #expect(await bench.drain() == nil)
            let row = try #require(try await bench.uploadRow(id))
            #expect(row.status == .completed)
            #expect(
                row.torboxID.map { bench.simulator.items(.usenet, of: WorkerBench.key).first?.id == Int($0) } == true)
            #expect(bench.creates.count == 1)
        }
    }

    @Test("an NZB file that is not there is sent again when nothing new is, and is the user's to decide otherwise")
    func unprovableFile() async throws {
        try await WorkerBench.run { bench in
            bench.simulator.inject(SimulatedFault(.hang(appliesEffect: false), endpoints: [.usenetCreate], times: 2))
            let proved = try await bench.uploadFile(UploadSample.nzb("1"), as: "one.nzb", "usenet")
            await bench.drain()
            bench.advance(61)
            await bench.drain()
            // The second hang; meanwhile another app adds something.
            #expect(bench.creates.count == 2)
            bench.simulator.add(
                SimulatedItem("another", kind: .usenet, createdAt: Int(bench.now.value.milliseconds / 1_000)),
                to: WorkerBench.key)
            bench.advance(61)
            await bench.drain()
            #expect(bench.creates.count == 2)
            let row = try #require(try await bench.uploadRow(proved))
            #expect(row.status == .failed)
            #expect(row.errorMessage?.contains("lost") == true)
            // The user has looked, and says: again.
            #expect(await bench.ask(Operation.retryUpload, ["id": "\(proved)"]).status == 200)
            await bench.drain()
            #expect(try await bench.uploadRow(proved)?.status == .completed)
        }
    }

    @Test("a create that a dead process had under way is looked up before anything else")
    func interrupted() async throws {
        try await WorkerBench.run { bench in
            let (applied, lost) = (try await bench.uploadMagnet(1), try await bench.uploadMagnet(2))
            // As the process leaves it: row and attempt committed, no outcome.
            for id in [applied, lost] {
                let row = try #require(try await bench.uploadRow(id))
                _ = try await bench.parts.users.write(bench.user) { try UploadRepository.begin($0, row, at: noon) }
            }
            bench.simulator.add(SimulatedItem("x", hash: UploadSample.hash(1)), to: WorkerBench.key)
            #expect(await bench.drain() == noon(60))
            #expect(try await bench.uploadRow(applied)?.status == .completed)
            #expect(try await bench.uploadRow(lost)?.errorMessage == UploadMessage.unsettled)
            #expect(bench.creates.isEmpty)
            bench.advance(61)
            #expect(await bench.drain() == nil)
            #expect(try await bench.uploadRow(lost)?.status == .completed)
            #expect(bench.creates.count == 1)
        }
    }

    // MARK: Trouble

    @Test("connection trouble rests the kind, longer from the third time on, and ends when TorBox is known to answer")
    func strikes() async throws {
        try await WorkerBench.run { bench in
            bench.simulator.inject(SimulatedFault(.status(503), endpoints: SimulatorEndpoint.lists, times: nil))
            let id = try await bench.uploadMagnet(1)
            #expect(await bench.drain() == noon(30))
            #expect(try await bench.uploadRow(id)?.errorMessage == UploadMessage.connection)
            bench.advance(31)
            #expect(await bench.drain() == noon(61))
            bench.advance(31)
            #expect(await bench.drain() == noon(62 + 900))
            #expect(try await bench.uploadRow(id)?.errorMessage == UploadMessage.unavailable)
            let shown = await bench.ask(Operation.listUploads)["uploadStatistics"]?["byType"]?["torrent"]
            #expect(shown?["pauseReason"] == .string("connection"))
            #expect(shown?["pausedCount"] == .integer(1))
            #expect(shown?["pausedUntil"] == .string(noon(962).sqliteText))
            #expect(bench.creates.isEmpty)
            bench.simulator.clearFaults()
            bench.advance(10)
            await bench.parts.uploads.torBoxIsBack()
            #expect(await bench.drain() == nil)
            #expect(try await bench.uploadRow(id)?.status == .completed)
        }
    }

    @Test("ten minutes without TorBox: every upload ends in the library exactly once")
    func outage() async throws {
        try await WorkerBench.run { bench in
            bench.simulator.inject(SimulatedFault(.statusAfterEffect(502), endpoints: [.torrentCreate], times: 2))
            bench.simulator.inject(SimulatedFault(.status(503), times: nil, skipping: 12))
            let ids = try await (1...8).asyncMap { try await bench.uploadMagnet($0) }
            for _ in 0..<20 {
                await bench.drain()
                bench.advance(30)
            }
            bench.simulator.clearFaults()
            for _ in 0..<60 {
                bench.advance(30)
                if await bench.drain() == nil { break }
            }
            for id in ids { #expect(try await bench.uploadRow(id)?.status == .completed) }
            #expect(bench.library().sorted() == (1...8).map(UploadSample.hash))
            let applied = bench.creates.filter(\.appliedEffect)
            #expect(applied.count == 8)
        }
    }

    @Test("TorBox's own trouble is tried again with growing pauses, and told to the user in the end")
    func troubled() async throws {
        try await WorkerBench.run { bench in
            let trouble = FaultKind.raw(
                status: 500,
                body: #"{"success":false,"error":"NO_SERVERS_AVAILABLE_ERROR","detail":"None.","data":null}"#,
                contentType: "application/json")
            bench.simulator.inject(SimulatedFault(trouble, endpoints: [.torrentCreate], times: nil))
            let id = try await bench.uploadMagnet(1)
            var drains = 0
            while try await bench.uploadRow(id)?.status == .queued, drains < 500 {
                drains += 1
                await bench.drain()
                bench.advance(60)
            }
            let row = try #require(try await bench.uploadRow(id))
            #expect(row.status == .failed)
            #expect(row.errorMessage?.contains("failed") == true)
            #expect(bench.creates.count == bench.parts.uploads.policy.triesBeforeFailure)
            #expect(bench.now.value.milliseconds(since: noon) > 30 * 60_000)
        }
    }

    @Test(
        "what TorBox refuses for good fails with TorBox's code, at once",
        arguments: ["INVALID_OPTION", "MISSING_REQUIRED_OPTION", "DOWNLOAD_TOO_LARGE", "MONTHLY_LIMIT"])
    func refused(code: String) async throws {
        try await WorkerBench.run { bench in
            let refusal = FaultKind.raw(
                status: 400, body: #"{"success":false,"error":"\#(code)","detail":"No.","data":null}"#,
                contentType: "application/json")
            bench.simulator.inject(SimulatedFault(refusal, endpoints: [.torrentCreate]))
            let (bad, good) = (try await bench.uploadMagnet(1), try await bench.uploadMagnet(2))
            #expect(await bench.drain() == nil)
            #expect(try await bench.uploadRow(bad)?.errorMessage == "\(code): No.")
            #expect(try await bench.uploadRow(bad)?.status == .failed)
            #expect(try await bench.uploadRow(good)?.status == .completed)
        }
    }

    @Test("a refused key stops the kind without failing uploads, and a renewed one goes on at once")
    func badKey() async throws {
        try await WorkerBench.run { bench in
            bench.simulator.inject(
                SimulatedFault(.badToken, endpoints: SimulatorEndpoint.lists.union([.torrentCreate]), times: nil))
            // Later than the registration of the key, which the clock of the bench would put at the same moment.
            bench.advance(5)
            let id = try await bench.uploadMagnet(1)
            let next = await bench.drain()
            let row = try await bench.uploadRow(id)
            #expect(next == noon(305), "\(String(describing: row))")
            #expect(row?.errorMessage?.contains("API key") == true)
            bench.simulator.clearFaults()
            bench.advance(5)
            #expect(await bench.ask(Operation.registerKey, credential: WorkerBench.key).status == 200)
            #expect(await bench.drain() == nil)
            #expect(try await bench.uploadRow(id)?.status == .completed)
        }
    }

    @Test("a staged file that is gone fails its upload in words that the frontend knows")
    func missingFile() async throws {
        try await WorkerBench.run { bench in
            let id = try await bench.uploadFile(UploadSample.torrent(), as: "a.torrent")
            let path = try #require(try await bench.uploadRow(id)?.filePath)
            try FileManager.default.removeItem(atPath: "\(bench.folder)/uploads/\(path)")
            #expect(await bench.drain() == nil)
            #expect(try await bench.uploadRow(id)?.errorMessage?.contains("File not found") == true)
        }
    }

    @Test("a deleted upload is not sent, and a restart knows whom to wake")
    func registry() async throws {
        try await WorkerBench.run { bench in
            let ids = [try await bench.uploadMagnet(1), try await bench.uploadMagnet(2)]
            #expect(try await bench.parts.registry.user(bench.user)?.uploads.queued == 2)
            #expect(await bench.ask(Operation.deleteUpload, ["id": "\(ids[0])"]).status == 200)
            let backlog = try await bench.parts.registry.user(bench.user)?.uploads
            #expect(backlog?.queued == 1 && backlog?.nextAttempt == noon)
            await bench.drain()
            #expect(bench.library() == [UploadSample.hash(2)])
        }
    }

    @Test("one drain hands over a bounded number, then others get a turn")
    func bounded() async throws {
        try await WorkerBench.run { bench in
            let cached = Set((1...60).map(UploadSample.hash))
            bench.simulator.changeSettings(of: WorkerBench.key) { $0.cachedHashes = cached }
            let items = (1...60).map(UploadSample.magnetBody).joined(separator: ",")
            #expect(await bench.ask(Operation.createUploads, json: "{\"uploads\":[\(items)]}").status == 200)
            await bench.drain()
            #expect(bench.library().count <= bench.parts.uploads.policy.workPerDrain)
        }
    }
}

extension Sequence {
    /// One after the other.
    func asyncMap<Value>(_ body: (Element) async throws -> Value) async rethrows -> [Value] {
        var values: [Value] = []
        for element in self { values.append(try await body(element)) }
        return values
    }
}
