import Testing

@testable import TorBoxSimulator

@Suite struct QueueTests {
    private let key = SimulatorProbe.key

    @Test("the queue is listed by kind, without state or size") func list() async throws {
        try await SimulatorProbe.run { probe in
            let id = probe.simulator.add(SimulatedQueueItem("Willow"), to: key)
            probe.simulator.add(SimulatedQueueItem("Signal", kind: .usenet), to: key)
            let rows = try await probe.list(.queueList, "type=torrent&bypass_cache=true").rows
            #expect(rows.map(\.id) == [id])
            let row = try #require(rows.first)
            #expect(row.text("name") == "Willow")
            #expect(row.text("type") == "torrent")
            #expect(!row.has("download_state"))
            #expect(!row.has("size"))
            #expect(try await probe.list(.queueList, "").rows.count == 1)
            #expect(try await probe.list(.queueList, "type=usenet").rows.first?.isNull("magnet") == true)
            #expect(try await probe.list(.queueList, "type=webdl").rows.isEmpty)
            #expect(try await probe.list(.queueList, "type=all").error == "INVALID_OPTION")
            #expect(try await probe.list(.queueList, "id=\(id)").row?.id == id)
        }
    }

    @Test("start moves a queued row to the list under a new id with the same hash") func start() async throws {
        try await SimulatorProbe.run { probe in
            let item = SimulatedQueueItem("Willow", id: 77)
            probe.simulator.add(item, to: key)
            let reply = try await probe.post(
                .queueControl, "{\"queued_id\":77,\"operation\":\"start\",\"type\":\"torrent\"}")
            #expect(reply.status == 200)
            #expect(try await probe.list(.queueList, "").rows.isEmpty)
            let row = try #require(try await probe.list(.torrentList).rows.first)
            #expect(row.id != 77)
            #expect(row.text("hash") == item.hash)
            #expect(row.flag("active") == true)
        }
    }

    @Test("a queued row can be deleted once") func delete() async throws {
        try await SimulatorProbe.run { probe async throws in
            probe.simulator.add(SimulatedQueueItem("Willow", id: 77), to: key)
            let body = "{\"queued_id\":77,\"operation\":\"delete\"}"
            #expect(try await probe.post(.queueControl, body).status == 200)
            #expect(try await probe.post(.queueControl, body).error == "ITEM_NOT_FOUND")
            #expect(probe.simulator.queue(of: key).isEmpty)
        }
    }

    @Test("without a free slot a start fails with status 500 and the queue stays") func activeLimit() async throws {
        try await SimulatorProbe.run(AccountSettings(activeLimit: 1)) { probe in
            let running = probe.simulator.add(.seeding("s"), to: key)
            probe.simulator.add(SimulatedQueueItem("Willow", id: 77), to: key)
            let body = "{\"queued_id\":77,\"operation\":\"start\"}"
            let reply = try await probe.post(.queueControl, body)
            #expect(reply.status == 500)
            #expect(reply.error == "ACTIVE_LIMIT")
            #expect(reply.text.contains("active download limit"))
            #expect(probe.simulator.queue(of: key).count == 1)
            _ = try await probe.post(.torrentControl, "{\"torrent_id\":\(running),\"operation\":\"stop_seeding\"}")
            #expect(try await probe.post(.queueControl, body).status == 200)
        }
    }

    @Test("a queued row starts by itself when its time comes") func promotion() async throws {
        try await SimulatorProbe.run { probe async throws in
            var item = SimulatedQueueItem("Willow", id: 77)
            item.startsAt = probe.simulator.clock.second + 60
            probe.simulator.add(item, to: key)
            #expect(try await probe.list(.torrentList).rows.isEmpty)
            probe.simulator.clock.advance(seconds: 60)
            #expect(try await probe.list(.torrentList).rows.first?.text("hash") == item.hash)
            #expect(probe.simulator.queue(of: key).isEmpty)
        }
    }
}
