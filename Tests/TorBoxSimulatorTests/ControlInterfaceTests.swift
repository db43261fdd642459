import Testing

@testable import TorBoxSimulator

@Suite struct ControlInterfaceTests {
    private let key = SimulatorProbe.key

    private func sim(_ probe: SimulatorProbe, _ method: String, _ path: String, _ body: String? = nil) async throws
        -> SimulatorProbe.Reply
    {
        try await probe.send(method, "/_sim/" + path, key: nil, body: body)
    }

    @Test("accounts are added with a library, listed and removed") func accounts() async throws {
        try await SimulatorProbe.run { probe in
            let body = "{\"key\":\"k2\",\"library\":\"generated\",\"size\":20,\"seed\":3}"
            let added = try await sim(probe, "POST", "accounts", body)
            #expect(added.status == 200)
            #expect(added.list("accounts").first?.text("id") == AccountIdentity(key: "k2").shortID)
            #expect(try await probe.get(SimulatorEndpoint.torrentList.path, key: "k2").rows.count == 20)
            #expect(try await sim(probe, "GET", "accounts").list("accounts").count == 2)
            #expect(try await sim(probe, "DELETE", "accounts?account=k2").status == 200)
            #expect(try await sim(probe, "DELETE", "accounts?account=k2").status == 404)
            #expect(try await sim(probe, "POST", "accounts", "{\"key\":\"k\",\"library\":\"big\"}").status == 400)
        }
    }

    @Test("rows are given as TorBox writes them, odd types included") func rows() async throws {
        try await SimulatorProbe.run { probe in
            let row = """
                {"name":"Harbour","size":9007199254740993,"active":"true","ratio":2,"progress":0.25,"tags":["a"],\
                "created_at":"2026-01-01T00:00:05Z","updated_at":"2026-01-01T00:00:05.5+00:00","eta":null,"mine":[1,"x"]}
                """
            let added = try await sim(probe, "POST", "items", "{\"account\":\"\(key)\",\"rows\":[\(row)]}")
            let id = try #require(added.ints("ids").first)
            let reply = try await probe.list(.torrentList)
            let shown = try #require(reply.rows.first)
            #expect(shown.id == id)
            #expect(reply.text.contains("\"size\":9007199254740993"))
            #expect(shown.text("active") == "true")
            #expect(shown.double("ratio") == 2)
            #expect(shown.text("created_at") == "2026-01-01T00:00:05Z")
            #expect(shown.text("updated_at") == "2026-01-01T00:00:05.5+00:00")
            #expect(shown.isNull("eta"))
            #expect(shown.has("mine"))
            let change = "{\"account\":\"\(key)\",\"id\":\(id),\"set\":{\"progress\":0.5},\"omit\":[\"hash\"]}"
            #expect(try await sim(probe, "PATCH", "items", change).status == 200)
            let changed = try #require(try await probe.list(.torrentList).rows.first)
            #expect(changed.double("progress") == 0.5)
            #expect(!changed.has("hash"))
            #expect(try await sim(probe, "DELETE", "items?account=\(key)&kind=torrent&id=\(id)").status == 200)
            #expect(try await probe.list(.torrentList).rows.isEmpty)
        }
    }

    @Test("queue rows are added") func queue() async throws {
        try await SimulatorProbe.run { probe async throws in
            let body =
                "{\"account\":\"\(key)\",\"kind\":\"usenet\",\"rows\":[{\"id\":9,\"name\":\"Q\",\"hash\":\"ff\"}]}"
            #expect(try await sim(probe, "POST", "queue", body).ints("ids") == [9])
            #expect(try await probe.list(.queueList, "type=usenet").rows.first?.text("hash") == "ff")
        }
    }

    @Test("faults are added, listed and cleared") func faults() async throws {
        try await SimulatorProbe.run { probe in
            let body = "{\"kind\":\"status\",\"status\":503,\"endpoints\":[\"torrents/mylist\"],\"always\":true}"
            let id = try #require(try await sim(probe, "POST", "faults", body).ints("ids").first)
            #expect(try await probe.list(.torrentList).status == 503)
            #expect(try await probe.list(.usenetList).status == 200)
            let listed = try #require(try await sim(probe, "GET", "faults").list("faults").first)
            #expect(listed.text("kind") == "status")
            #expect(listed.int("struck") == 1)
            #expect(try await sim(probe, "DELETE", "faults?id=\(id)").status == 200)
            #expect(try await probe.list(.torrentList).status == 200)
            #expect(try await sim(probe, "POST", "faults", "{\"kind\":\"weather\"}").status == 400)
        }
    }

    @Test("every fault can be asked for by its name")
    func names() throws {
        let kinds: [FaultKind] = [
            .status(502), .rateLimited(retryAfterSeconds: nil), .edgeRateLimited, .successFalse(error: nil),
            .notFoundButSuccess, .authError, .badToken, .raw(status: 200, body: "", contentType: "application/json"),
            .missingData, .nullData, .wrongTypes, .emptyList, .halfList, .vanished(ids: []), .shiftedPages(by: 1),
            .duplicateIDs, .withoutIDs, .unknownState("unlisted"), .delay(milliseconds: 1_000),
            .hang(appliesEffect: false), .cutBody(fraction: 0.5), .answerLost, .retryAfterOnSuccess(seconds: 1),
            .statusAfterEffect(502),
            .effectDelayed(seconds: 60), .effectDropped,
        ]
        for kind in kinds { #expect(FaultRequest(kind: kind.name).fault == SimulatedFault(kind)) }
    }

    @Test("calls and counts can be read, and control calls are not among them") func calls() async throws {
        try await SimulatorProbe.run { probe in
            _ = try await probe.list(.torrentList)
            _ = try await probe.list(.usenetList)
            let calls = try await sim(probe, "GET", "calls?account=\(key)&since=1").list("calls")
            #expect(calls.map { $0.text("path") } == [SimulatorEndpoint.usenetList.path])
            #expect(try await sim(probe, "GET", "calls?endpoint=torrents/mylist").list("calls").count == 1)
            #expect(try await sim(probe, "GET", "stats").text.contains("\"calls\":2"))
        }
    }

    @Test("simulated time can be told, moved and paced") func clock() async throws {
        try await SimulatorProbe.run { probe async throws in
            let before = probe.simulator.clock.second
            #expect(try await sim(probe, "POST", "clock", "{\"advanceSeconds\":90}").status == 200)
            #expect(probe.simulator.clock.second == before + 90)
            #expect(try await sim(probe, "POST", "clock", "{\"speed\":60}").text.contains("\"speed\":60"))
            #expect(probe.simulator.clock.speed == 60)
        }
    }

    @Test("what does not fit is refused") func refusals() async throws {
        try await SimulatorProbe.run { probe async throws in
            #expect(try await sim(probe, "GET", "nothing").status == 404)
            #expect(try await sim(probe, "POST", "clock", "[]").status == 400)
            #expect(try await sim(probe, "POST", "items", "{\"account\":\"nobody\",\"rows\":[]}").status == 404)
        }
    }

    @Test("a shutdown over HTTP ends a run") func shutdown() async throws {
        var configuration = SimulatorConfiguration(clock: .standing())
        configuration.host = "127.0.0.3"
        try await SimulatorProbe.run(configuration: configuration, accounts: [:]) { probe async throws in
            async let run: Void = probe.simulator.runUntilTold()
            // The server may close the connection before its answer has gone out; that it ends is what counts.
            let answer = try? await sim(probe, "POST", "shutdown")
            #expect(answer == nil || answer?.status == 200)
            await run
            await #expect(throws: (any Error).self) { try await probe.send("GET", "/", seconds: 2) }
        }
    }
}
