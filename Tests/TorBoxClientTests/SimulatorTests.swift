import DomainModel
import Testing
import TorBoxSimulator

@testable import TorBoxClient

/// The client against the simulator: what both sides make of the same account and the same faults.
@Suite struct SimulatorTests {
    private static let key = "key-of-tests"

    /// Stands still, so that a slow machine runs out of no time; only the tests of time-outs move it.
    private let clock = ManualClock()

    /// A simulator with one account, a client for it, and both ended whatever happens.
    private func withSimulator(
        _ settings: AccountSettings = AccountSettings(), limits: RateLimits = .off,
        _ body: (TorBoxSimulator, TorBoxClient, TorBoxAccount) async throws -> Void
    ) async throws {
        let simulator = try await TorBoxSimulator.start(SimulatorConfiguration(rateLimits: limits))
        simulator.addAccount(Self.key, settings)
        let client = TorBoxClient(
            configuration: .fixture(simulator.baseURL), time: TimeSource(clock: clock, wall: TimeSource.system.wall))
        do {
            try await body(simulator, client, .fixture(key: Self.key))
        } catch {
            try await client.shutdown()
            await simulator.stop()
            throw error
        }
        try await client.shutdown()
        await simulator.stop()
    }

    @Test("a library of several pages comes whole, with all kinds and the queue")
    func wholeLibrary() async throws {
        try await withSimulator(AccountSettings(library: .generated(size: 2_300))) { simulator, client, account in
            simulator.add(SimulatedQueueItem("Waiting.2020"), to: Self.key)
            simulator.add(SimulatedItem.completed("Parts", kind: .usenet), to: Self.key)
            let snapshot = try await client.snapshot(of: Set(AssetType.allCases), for: account)
            var expected: [ItemKey] = []
            for (kind, asset) in [(AssetKind.torrent, AssetType.torrent), (.usenet, .usenet), (.webDownload, .webdl)] {
                expected += simulator.items(kind, of: Self.key).map { ItemKey(asset: asset, id: Int64($0.id)) }
                expected += simulator.queue(of: Self.key).filter { $0.kind == kind }
                    .map { ItemKey(asset: asset, isQueued: true, id: Int64($0.id)) }
            }
            #expect(expected.count > 2_000)
            #expect(snapshot.items.map(\.key) == expected)
            #expect(snapshot.plainlyEmptyOrListed == Set(AssetType.allCases))
            #expect(simulator.calls().allSatisfy { $0.violation == nil && $0.userAgent == "torbox-backend/1.2.3" })
        }
    }

    static let faultsOnLists: [(FaultKind, TorBoxErrorCode)] = [
        (.status(500), .outage), (.status(502), .outage), (.status(503), .outage), (.authError, .outage),
        (.badToken, .unauthorized), (.rateLimited(retryAfterSeconds: 200), .rateLimited),
        (.rateLimited(retryAfterSeconds: nil), .rateLimited), (.edgeRateLimited, .rateLimited),
        (.successFalse(error: "DATABASE_ERROR"), .refused), (.successFalse(error: nil), .incomplete),
        (.notFoundButSuccess, .incomplete), (.missingData, .incomplete), (.nullData, .incomplete),
        (.withoutIDs, .incomplete), (.cutBody(fraction: 0.5), .connection), (.answerLost, .connection),
        (.raw(status: 200, body: "<html>", contentType: "text/html"), .outage),
        (.raw(status: 403, body: "<html>", contentType: "text/html"), .outage),
    ]

    @Test("a fault on the torrent list is named and gives no snapshot", arguments: faultsOnLists)
    func faulty(fault: FaultKind, code: TorBoxErrorCode) async throws {
        try await withSimulator { simulator, client, account in
            simulator.add(SimulatedItem.seeding("Harbour.2019"), to: Self.key)
            simulator.inject(SimulatedFault(fault, endpoints: [.torrentList], times: nil))
            let error = await #expect(throws: TorBoxError.self) {
                try await client.snapshot(of: [.torrent], for: account)
            }
            #expect(error?.code == code)
        }
    }

    @Test("a list that never answers is a time-out and gives no snapshot")
    func hangs() async throws {
        try await withSimulator { simulator, client, account in
            simulator.inject(SimulatedFault(.hang(appliesEffect: false), endpoints: [.torrentList], times: nil))
            let reading = Task { try await client.snapshot(of: [.torrent], for: account) }
            #expect(
                await eventually { simulator.calls(endpoint: .torrentList).count == 1 && clock.sleeperCount == 1 })
            clock.advance(by: .seconds(20))
            let error = await #expect(throws: TorBoxError.self) { try await reading.value }
            #expect(error?.code == .timeout)
        }
    }

    @Test(
        "pages that miss or double rows give no snapshot, and a list that settles gives a whole one",
        arguments: [3, -3])
    func shifted(by rows: Int) async throws {
        try await withSimulator(AccountSettings(library: .generated(size: 2_300))) { simulator, client, account in
            let fault = simulator.inject(SimulatedFault(.shiftedPages(by: rows), endpoints: [.torrentList], times: nil))
            let error = await #expect(throws: TorBoxError.self) {
                try await client.snapshot(of: [.torrent], for: account)
            }
            #expect(error?.incompleteness == .unstable)
            simulator.clearFaults(fault)
            simulator.inject(SimulatedFault(.shiftedPages(by: rows), endpoints: [.torrentList], times: 2))
            let snapshot = try await client.snapshot(of: [.torrent], for: account)
            #expect(snapshot.census.rereads == 1)
            #expect(snapshot.census.listed == simulator.items(.torrent, of: Self.key).count)
        }
    }

    @Test("equal ids in list and queue stay two items")
    func equalIDs() async throws {
        try await withSimulator { simulator, client, account in
            simulator.add(SimulatedItem.seeding("Harbour.2019"), to: Self.key)
            simulator.add(SimulatedQueueItem("Waiting.2020"), to: Self.key)
            simulator.inject(SimulatedFault(.duplicateIDs, times: nil))
            let snapshot = try await client.snapshot(of: [.torrent], for: account)
            #expect(snapshot.items.count == 2)
            #expect(Set(snapshot.items.map(\.key.id)).count == 1)
        }
    }

    @Test("each change has its effect, and a second delete finds the item gone")
    func changes() async throws {
        try await withSimulator { simulator, client, account in
            let seeding = ItemKey(asset: .torrent, id: Int64(simulator.add(SimulatedItem.seeding("A"), to: Self.key)))
            #expect(await client.perform(.stopSeeding(seeding), for: account) == .done)
            let stopped = try await client.item(.torrent, id: seeding.id, for: account)
            #expect(stopped?.isActive == false)
            #expect(await client.perform(.setAirlock(seeding, true), for: account) == .done)
            let locked = try await client.item(.torrent, id: seeding.id, for: account)
            #expect(locked?.isAirlocked == true)
            #expect(locked?.name == "A")
            #expect(await client.perform(.setAirlock(seeding, false), for: account) == .done)
            #expect(await client.perform(.delete(seeding), for: account) == .done)
            #expect(await client.perform(.delete(seeding), for: account) == .alreadyGone)
            let gone = try await client.item(.torrent, id: seeding.id, for: account)
            #expect(gone == nil)
        }
    }

    @Test(
        "usenet and web downloads are deleted and locked by calls of their own",
        arguments: [AssetKind.usenet, .webDownload])
    func otherKinds(kind: AssetKind) async throws {
        try await withSimulator { simulator, client, account in
            let id = simulator.add(SimulatedItem.completed("A", kind: kind), to: Self.key)
            let item = ItemKey(asset: kind == .usenet ? .usenet : .webdl, id: Int64(id))
            #expect(await client.perform(.setAirlock(item, true), for: account) == .done)
            let locked = try await client.item(item.asset, id: item.id, for: account)
            #expect(locked?.isAirlocked == true)
            #expect(await client.perform(.setAirlock(item, false), for: account) == .done)
            #expect(await client.perform(.delete(item), for: account) == .done)
            #expect(simulator.items(kind, of: Self.key).isEmpty)
        }
    }

    @Test("a queued item starts when there is a slot, and waits with the active limit when there is none")
    func forceStart() async throws {
        try await withSimulator(AccountSettings(activeLimit: 1)) { simulator, client, account in
            let running = simulator.add(SimulatedItem.downloading("Running"), to: Self.key)
            let id = simulator.add(SimulatedQueueItem("Waiting.2020"), to: Self.key)
            let queued = ItemKey(asset: .torrent, isQueued: true, id: Int64(id))
            guard case .activeLimit = await client.perform(.forceStart(queued), for: account) else {
                Issue.record("the active limit was not recognised")
                return
            }
            simulator.remove(.torrent, running, from: Self.key)
            #expect(await client.perform(.forceStart(queued), for: account) == .done)
            #expect(simulator.queue(of: Self.key).isEmpty)
        }
    }

    @Test("a queued item is deleted from the queue")
    func deleteQueued() async throws {
        try await withSimulator { simulator, client, account in
            let id = simulator.add(SimulatedQueueItem("Waiting.2020", kind: .usenet), to: Self.key)
            let queued = ItemKey(asset: .usenet, isQueued: true, id: Int64(id))
            #expect(await client.perform(.delete(queued), for: account) == .done)
            #expect(await client.perform(.delete(queued), for: account) == .alreadyGone)
        }
    }

    @Test(
        "a change whose answer is lost is of unknown fate, done or not",
        arguments: [FaultKind.answerLost, .hang(appliesEffect: true), .hang(appliesEffect: false), .status(502)])
    func lostAnswer(fault: FaultKind) async throws {
        try await withSimulator { simulator, client, account in
            let id = simulator.add(SimulatedItem.seeding("A"), to: Self.key)
            simulator.inject(SimulatedFault(fault, endpoints: [.torrentControl]))
            async let ending = client.perform(.delete(ItemKey(asset: .torrent, id: Int64(id))), for: account)
            // Where the simulator goes silent, the time-out has to be running before time moves.
            let sleepers = if case .hang = fault { 1 } else { 0 }
            #expect(
                await eventually {
                    simulator.calls(endpoint: .torrentControl).count == 1 && clock.sleeperCount == sleepers
                })
            clock.advance(by: .seconds(15))
            let result = await ending
            guard case .unknown = result else {
                Issue.record("\(fault) gave \(result)")
                return
            }
            #expect(simulator.calls(endpoint: .torrentControl).count == 1)
        }
    }

    @Test("a retry-after on a success holds nothing up while requests remain")
    func retryAfterOnSuccess() async throws {
        try await withSimulator(limits: RateLimits()) { simulator, client, account in
            simulator.inject(SimulatedFault(.retryAfterOnSuccess(seconds: 300), endpoints: [.torrentList], times: nil))
            _ = try await client.list(.torrent, for: account, within: .seconds(1))
            _ = try await client.list(.torrent, for: account, within: .seconds(1))
            #expect(client.listWait(.torrent, for: account.user) < .seconds(1))
        }
    }

    @Test("the share of the user's own apps is left alone, as TorBox's headers tell it")
    func reserve() async throws {
        try await withSimulator(limits: RateLimits(perMinute: 20)) { simulator, client, account in
            var refusal: TorBoxError?
            while refusal == nil, simulator.calls().count < 20 {
                do {
                    _ = try await client.list(.torrent, for: account, within: .seconds(1))
                } catch { refusal = error as? TorBoxError }
            }
            #expect(refusal?.code == .rateLimited)
            #expect(simulator.calls().count == 16)
            #expect(simulator.calls().allSatisfy { $0.status == 200 })
        }
    }
}
