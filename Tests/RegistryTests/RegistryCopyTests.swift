import DomainModel
import GRDB
import Registry
import ServiceHarness
import Storage
import Testing

@Suite struct RegistryCopyTests {
    @Test(
        "a copy is an embedded registry with everything that was known, whatever it was copied from",
        arguments: RegistryBackend.allCases)
    func copies(backend: RegistryBackend) async throws {
        try await backend.withRegistry { registry in
            for prefix in ["01", "ab", "ff"] { try await registry.register(.sample(prefix, name: "ключ \(prefix)")) }
            try await registry.recordPolls([
                ScheduleUpdate(
                    user: .sample("ab"), nextDue: .noon, lastPolled: .noon, lastError: "429", failureCount: 2,
                    retryAfter: .noon, pausedReason: "plan")
            ])
            try await registry.setHasActiveRules(.sample("01"), true, nextDue: .noon)
            try await registry.setStatus(.sample("ff"), .inactive, reason: "x", now: .noon)
            try await registry.touch(lastSeen: [.sample("ab"): .noon])
            let expected = try await registry.users(in: .all)
            try await withTemporaryFolder { folder in
                try await registry.copy(to: "\(folder)/copy.sqlite")
                await #expect(throws: StorageError.self) { try await registry.copy(to: "\(folder)/copy.sqlite") }
                let copy = try await SQLiteRegistry.open(path: "\(folder)/copy.sqlite")
                let steps = try await copy.migrate(now: .noon)
                #expect(steps == 0)
                #expect(try await copy.users(in: .all) == expected)
                try await copy.close()
            }
        }
    }
}
