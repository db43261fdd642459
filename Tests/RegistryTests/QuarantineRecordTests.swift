import DomainModel
import Registry
import Testing

/// What is held against users outlives every process.
@Suite struct QuarantineRecordTests {
    private func record(_ prefix: String, until: Timestamp? = .noon) -> QuarantineRecord {
        QuarantineRecord(
            user: .sample(prefix), cause: .poll, incidents: 2, lastIncident: .noon, until: until, evidence: "death 1")
    }

    @Test(
        "what is held against users is found by their slots, replaced, and lifted", arguments: RegistryBackend.allCases)
    func keeps(backend: RegistryBackend) async throws {
        try await backend.withRegistry { registry in
            for prefix in ["00", "7f", "ff"] { try await registry.register(.sample(prefix)) }
            try await registry.quarantine([record("00"), record("7f", until: nil), record("ff")])
            #expect(try await registry.quarantines(in: .all).count == 3)
            #expect(try await registry.quarantines(in: Slot(0x10)...Slot(0x7f)) == [record("7f", until: nil)])
            var worse = record("7f")
            (worse.cause, worse.incidents, worse.evidence) = (.request, 3, "another")
            worse.operations = ["rules.list", "rules.replace"]
            try await registry.quarantine([worse])
            #expect(try await registry.quarantines(in: Slot(0x7f)...Slot(0x7f)) == [worse])
            try await registry.liftQuarantine(of: .sample("7f"))
            #expect(try await registry.quarantines(in: .all).map(\.user.short).sorted() == ["00000000", "ff000000"])
        }
    }

    @Test(
        "a removed user takes the quarantine along, and an unknown one is passed over",
        arguments: RegistryBackend.allCases)
    func forgets(backend: RegistryBackend) async throws {
        try await backend.withRegistry { registry in
            try await registry.register(.sample("00"))
            try await registry.quarantine([record("aa"), record("00")])
            #expect(try await registry.quarantines(in: .all) == [record("00")])
            try await registry.remove(.sample("00"))
            #expect(try await registry.quarantines(in: .all).isEmpty)
        }
    }
}
