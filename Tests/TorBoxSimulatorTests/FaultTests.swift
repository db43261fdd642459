import Testing

@testable import TorBoxSimulator

/// Faults that a client can read in the answer; ``DeliveryFaultTests`` has those of the connection.
@Suite struct FaultTests {
    private let key = SimulatorProbe.key

    private func struck(_ kind: FaultKind, rows: Int = 6) async throws -> SimulatorProbe.Reply {
        var reply: SimulatorProbe.Reply?
        try await SimulatorProbe.run { probe in
            for index in 0..<rows { probe.simulator.add(.completed("row \(index)"), to: key) }
            probe.simulator.inject(SimulatedFault(kind, endpoints: [.torrentList]))
            reply = try await probe.list(.torrentList)
            let next = try await probe.list(.torrentList)
            #expect(next.status == 200)
            #expect(next.rows.count == rows)
            #expect(probe.simulator.calls().map(\.faults) == [[kind.name], []])
        }
        return try #require(reply)
    }

    @Test("outages answer with HTML", arguments: [500, 502, 503]) func outage(status: Int) async throws {
        let reply = try await struck(.status(status))
        #expect(reply.status == status)
        #expect(reply.headers["content-type"] == "text/html")
        #expect(reply.text.hasPrefix("<html>"))
    }

    @Test("429 comes with and without Retry-After, and as the edge's text") func rateLimits() async throws {
        let plain = try await struck(.rateLimited(retryAfterSeconds: nil))
        #expect(plain.status == 429)
        #expect(plain.headers["retry-after"] == nil)
        #expect(plain.text == "{\"detail\":\"300 per 1 minute\"}")
        let hinted = try await struck(.rateLimited(retryAfterSeconds: 37))
        #expect(hinted.headers["retry-after"] == "37")
        let edge = try await struck(.edgeRateLimited)
        #expect(edge.status == 429)
        #expect(edge.text == "error code: 1015")
    }

    @Test("Retry-After on a success leaves the answer as it is") func retryAfterOnSuccess() async throws {
        let reply = try await struck(.retryAfterOnSuccess(seconds: 1))
        #expect(reply.status == 200)
        #expect(reply.headers["retry-after"] == "1")
        #expect(reply.rows.count == 6)
    }

    @Test("contradictory envelopes come as TorBox sends them") func envelopes() async throws {
        let failed = try await struck(.successFalse(error: "DATABASE_ERROR"))
        #expect(failed.status == 200)
        #expect(failed.success == false)
        #expect(failed.error == "DATABASE_ERROR")
        let notFound = try await struck(.notFoundButSuccess)
        #expect(notFound.status == 404)
        #expect(notFound.success == true)
        #expect(notFound.hasNullData)
        let authError = try await struck(.authError)
        #expect(authError.status == 500)
        #expect(authError.error == "AUTH_ERROR")
        let badToken = try await struck(.badToken)
        #expect(badToken.status == 403)
        #expect(badToken.error == "BAD_TOKEN")
    }

    @Test("data can be missing or null although success is true") func data() async throws {
        let missing = try await struck(.missingData)
        #expect(missing.success == true)
        #expect(!missing.hasData)
        let null = try await struck(.nullData)
        #expect(null.success == true)
        #expect(null.hasNullData)
    }

    @Test("any answer can be given raw") func raw() async throws {
        let reply = try await struck(.raw(status: 200, body: "<!doctype html>", contentType: "text/html"))
        #expect(reply.status == 200)
        #expect(reply.text == "<!doctype html>")
    }

    @Test("lists can be empty, halved, or without some rows") func fewerRows() async throws {
        let empty = try await struck(.emptyList)
        #expect(empty.success == true)
        #expect(empty.rows.isEmpty)
        #expect(empty.hasData)
        #expect(try await struck(.halfList).rows.map(\.id) == [1_006, 1_005, 1_004])
        #expect(try await struck(.vanished(ids: [1_003])).rows.compactMap(\.id).contains(1_003) == false)
        #expect(try await struck(.vanished(ids: [])).rows.count == 4)
    }

    @Test("rows can lack ids, have wrong types or unlisted states") func oddRows() async throws {
        #expect(try await struck(.withoutIDs).rows.allSatisfy { !$0.has("id") && $0.has("hash") })
        let confused = try #require(try await struck(.wrongTypes).rows.first)
        #expect(confused.text("id") == "1006")
        #expect(confused.int("hash") == 17)
        #expect(confused.text("active") == "yes")
        #expect(try await struck(.unknownState("purple")).rows.allSatisfy { $0.text("download_state") == "purple" })
    }

    @Test("shifted pages miss rows or give them twice, and leave the first page alone", arguments: [1, -1])
    func shiftedPages(shift: Int) async throws {
        try await SimulatorProbe.run { probe in
            for index in 0..<6 { probe.simulator.add(.completed("row \(index)"), to: key) }
            probe.simulator.inject(SimulatedFault(.shiftedPages(by: shift), times: nil))
            let first = try await probe.list(.torrentList, "limit=3").rows.compactMap(\.id)
            let second = try await probe.list(.torrentList, "limit=3&offset=3").rows.compactMap(\.id)
            #expect(first == [1_006, 1_005, 1_004])
            #expect(second == (shift == 1 ? [1_002, 1_001] : [1_004, 1_003, 1_002]))
        }
    }

    @Test("rows of other kinds can carry the ids of torrents") func duplicateIDs() async throws {
        try await SimulatorProbe.run { probe async throws in
            let torrent = probe.simulator.add(.completed("t"), to: key)
            let usenet = probe.simulator.add(.completed("u", kind: .usenet), to: key)
            probe.simulator.add(SimulatedQueueItem("q"), to: key)
            #expect(usenet != torrent)
            probe.simulator.inject(SimulatedFault(.duplicateIDs, times: nil))
            #expect(try await probe.list(.usenetList).rows.first?.id == torrent)
            #expect(try await probe.list(.queueList, "").rows.first?.id == torrent)
        }
    }

    @Test("an effect can come late although the answer says done") func delayedEffect() async throws {
        try await SimulatorProbe.run { probe async throws in
            let id = probe.simulator.add(.completed("t"), to: key)
            probe.simulator.inject(SimulatedFault(.effectDelayed(seconds: 30), endpoints: [.torrentControl]))
            let body = "{\"torrent_id\":\(id),\"operation\":\"delete\"}"
            #expect(try await probe.post(.torrentControl, body).success == true)
            #expect(try await probe.list(.torrentList).rows.count == 1)
            probe.simulator.clock.advance(seconds: 30)
            #expect(try await probe.list(.torrentList).rows.isEmpty)
            #expect(probe.simulator.calls(endpoint: .torrentControl).map(\.appliedEffect) == [false])
        }
    }

    @Test("an effect can be dropped although the answer says done") func droppedEffect() async throws {
        try await SimulatorProbe.run { probe async throws in
            let id = probe.simulator.add(.completed("t"), to: key)
            probe.simulator.inject(SimulatedFault(.effectDropped))
            let body = "{\"torrent_id\":\(id),\"operation\":\"delete\"}"
            #expect(try await probe.post(.torrentControl, body).success == true)
            probe.simulator.clock.advance(seconds: 100_000)
            #expect(try await probe.list(.torrentList).rows.count == 1)
        }
    }

    @Test("a replaced answer to a delete means that nothing was deleted") func replacedDelete() async throws {
        try await SimulatorProbe.run { probe async throws in
            let id = probe.simulator.add(.completed("t"), to: key)
            probe.simulator.inject(SimulatedFault(.status(502), endpoints: [.torrentControl]))
            let body = "{\"torrent_id\":\(id),\"operation\":\"delete\"}"
            #expect(try await probe.post(.torrentControl, body).status == 502)
            #expect(probe.simulator.items(.torrent, of: key).count == 1)
        }
    }

    @Test("a 502 to a delete can also mean that it was done") func statusAfterEffect() async throws {
        try await SimulatorProbe.run { probe in
            let id = probe.simulator.add(.completed("t"), to: key)
            probe.simulator.inject(SimulatedFault(.statusAfterEffect(502), endpoints: [.torrentControl]))
            let body = "{\"torrent_id\":\(id),\"operation\":\"delete\"}"
            let reply = try await probe.post(.torrentControl, body)
            #expect(reply.status == 502)
            #expect(reply.text.hasPrefix("<html>"))
            #expect(probe.simulator.items(.torrent, of: key).isEmpty)
            #expect(probe.simulator.calls().first?.appliedEffect == true)
        }
    }

    @Test("a fault for one account leaves the others alone") func oneAccount() async throws {
        try await SimulatorProbe.run { probe async throws in
            probe.simulator.addAccount("other")
            probe.simulator.inject(SimulatedFault(.status(503), account: "other", times: nil))
            #expect(try await probe.list(.torrentList).status == 200)
            #expect(try await probe.get(SimulatorEndpoint.torrentList.path, key: "other").status == 503)
            probe.simulator.clearFaults()
            #expect(try await probe.get(SimulatorEndpoint.torrentList.path, key: "other").status == 200)
        }
    }
}
