import Testing

@testable import TorBoxSimulator

@Suite struct ControlTests {
    private let key = SimulatorProbe.key

    @Test(
        "delete takes a row of each kind off its list",
        arguments: [
            (AssetKind.torrent, SimulatorEndpoint.torrentControl, SimulatorEndpoint.torrentList),
            (.usenet, .usenetControl, .usenetList), (.webDownload, .webDownloadControl, .webDownloadList),
        ])
    func delete(kind: AssetKind, control: SimulatorEndpoint, list: SimulatorEndpoint) async throws {
        try await SimulatorProbe.run { probe in
            let kept = probe.simulator.add(.completed("kept", kind: kind), to: key)
            let id = probe.simulator.add(.completed("gone", kind: kind), to: key)
            let body = "{\"\(kind.controlKey)\":\(id),\"operation\":\"delete\"}"
            let reply = try await probe.post(control, body)
            #expect(reply.status == 200)
            #expect(reply.success == true)
            #expect(reply.hasNullData)
            #expect(try await probe.list(list).rows.map(\.id) == [kept])
            let again = try await probe.post(control, body)
            #expect(again.status == 404)
            #expect(again.error == "ITEM_NOT_FOUND")
        }
    }

    @Test("stop_seeding leaves the row complete and at rest") func stopSeeding() async throws {
        try await SimulatorProbe.run { probe in
            let id = probe.simulator.add(.seeding("s", ratio: 3), to: key)
            _ = try await probe.post(.torrentControl, "{\"torrent_id\":\(id),\"operation\":\"stop_seeding\"}")
            let row = try #require(try await probe.list(.torrentList).rows.first)
            #expect(row.flag("active") == false)
            #expect(row.flag("download_finished") == true)
            #expect(row.flag("download_present") == true)
            #expect(row.int("upload_speed") == 0)
            #expect(row.double("ratio") == 3)
            #expect(row.text("download_state") == "stopped seeding")
        }
    }

    @Test("pause rests a download and resume wakes it") func pause() async throws {
        try await SimulatorProbe.run { probe in
            let id = probe.simulator.add(.downloading("d"), to: key)
            _ = try await probe.post(.torrentControl, "{\"torrent_id\":\(id),\"operation\":\"pause\"}")
            let paused = try #require(try await probe.list(.torrentList).rows.first)
            #expect(paused.text("download_state") == "paused")
            #expect(paused.flag("active") == false)
            _ = try await probe.post(.torrentControl, "{\"torrent_id\":\"\(id)\",\"operation\":\"resume\"}")
            let resumed = try #require(try await probe.list(.torrentList).rows.first)
            #expect(resumed.text("download_state") == "downloading")
            #expect(resumed.flag("active") == true)
            #expect(
                try await probe.post(.torrentControl, "{\"torrent_id\":\(id),\"operation\":\"reannounce\"}").status
                    == 200)
        }
    }

    @Test("all is refused on every control call, counted, and changes nothing") func all() async throws {
        try await SimulatorProbe.run { probe in
            let id = probe.simulator.add(.completed("t"), to: key)
            for endpoint in SimulatorEndpoint.changes where endpoint.role != .create {
                let body = "{\"torrent_id\":\(id),\"queued_id\":1,\"operation\":\"delete\",\"name\":\"x\",\"all\":true}"
                let reply = try await probe.post(endpoint, body)
                #expect(reply.status == 400)
                #expect(reply.success == false)
            }
            #expect(probe.simulator.statistics.violations == ["all": 7])
            #expect(probe.simulator.statistics.appliedEffects == 0)
            #expect(probe.simulator.items(.torrent, of: key).count == 1)
        }
    }

    @Test(
        "an operation that a kind does not know is an invalid option",
        arguments: [
            (SimulatorEndpoint.torrentControl, "recheck"), (.usenetControl, "stop_seeding"),
            (.webDownloadControl, "pause"),
            (.queueControl, "force_start"),
        ])
    func unknownOperation(endpoint: SimulatorEndpoint, operation: String) async throws {
        try await SimulatorProbe.run { probe in
            let body =
                "{\"torrent_id\":1,\"usenet_id\":1,\"webdl_id\":1,\"queued_id\":1,\"operation\":\"\(operation)\"}"
            let reply = try await probe.post(endpoint, body)
            #expect(reply.status == 400)
            #expect(reply.error == "INVALID_OPTION")
        }
    }

    @Test("a missing id, a missing operation and a body that is no object are each told") func lacks() async throws {
        try await SimulatorProbe.run { probe async throws in
            #expect(
                try await probe.post(.torrentControl, "{\"operation\":\"delete\"}").error == "MISSING_REQUIRED_OPTION")
            // The wrong name for the same thing is a missing id too.
            #expect(
                try await probe.post(.usenetControl, "{\"torrent_id\":1,\"operation\":\"delete\"}").error
                    == "MISSING_REQUIRED_OPTION")
            #expect(try await probe.post(.torrentControl, "{\"torrent_id\":1}").error == "MISSING_REQUIRED_OPTION")
            #expect(try await probe.post(.torrentControl, "[]").status == 422)
            #expect(try await probe.post(.torrentControl, "{\"torrent_id\":{},\"operation\":\"delete\"}").status == 422)
        }
    }

    @Test(
        "an edit overwrites name, tags, hashes and lock",
        arguments: [
            (AssetKind.torrent, "torrent_id"), (.usenet, "usenet_download_id"), (.usenet, "usenet_id"),
            (.webDownload, "webdl_id"),
        ])
    func edit(kind: AssetKind, idKey: String) async throws {
        try await SimulatorProbe.run { probe in
            var item = SimulatedItem.completed("old", kind: kind)
            item.tags = ["lost"]
            let id = probe.simulator.add(item, to: key)
            let endpoint: SimulatorEndpoint =
                switch kind {
                case .torrent: .torrentEdit
                case .usenet: .usenetEdit
                case .webDownload: .webDownloadEdit
                }
            let body = "{\"\(idKey)\":\(id),\"name\":\"new\",\"airlocked\":true,\"alternative_hashes\":[\"ab\"]}"
            #expect(try await probe.post(endpoint, body).status == 200)
            let edited = try #require(probe.simulator.items(kind, of: key).first)
            #expect(edited.name == "new")
            #expect(edited.tags == [])
            #expect(edited.alternativeHashes == ["ab"])
            #expect(edited.airlocked)
            #expect(try await probe.post(endpoint, "{\"\(idKey)\":\(id),\"name\":\" \"}").status == 400)
        }
    }

    @Test("ids of different kinds are different rows") func sameIDs() async throws {
        try await SimulatorProbe.run { probe in
            for kind in AssetKind.allCases {
                var item = SimulatedItem.completed("same", kind: kind)
                item.id = 5
                probe.simulator.add(item, to: key)
            }
            _ = try await probe.post(.usenetControl, "{\"usenet_id\":5,\"operation\":\"delete\"}")
            #expect(probe.simulator.items(.torrent, of: key).count == 1)
            #expect(probe.simulator.items(.usenet, of: key).isEmpty)
            #expect(probe.simulator.items(.webDownload, of: key).count == 1)
        }
    }
}
