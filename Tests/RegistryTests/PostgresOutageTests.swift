import DomainModel
import Logging
import ServiceHarness
import Storage
import Testing

@testable import Registry

/// The server crashes, freezes, is slow. Each test has a server of its own.
@Suite(.serialized) struct PostgresOutageTests {
    private func withRegistry(
        callLimit: Duration = .seconds(1), _ body: (PostgresServer, PostgresRegistry, String) async throws -> Void
    ) async throws {
        let server = try await PostgresServer.start()
        let url = try await server.newDatabase()
        let registry = PostgresRegistry(PostgresSettings(url: url, callLimit: callLimit), logger: .quiet)
        try await registry.migrate(now: .noon)
        try await registry.register(.sample("ab"))
        try await body(server, registry, url)
        try await registry.close()
        try await server.stop()
    }

    private func failure(_ body: () async throws -> Void) async -> String {
        do {
            try await body()
            return "no failure"
        } catch {
            return "\(error)"
        }
    }

    @Test("a server that crashed is away, and found again on its return; a restart between two calls fails none")
    func crash() async throws {
        try await withRegistry { server, registry, _ in
            try await server.crash()
            let error = try await #require(throws: StorageError.self) { try await registry.user(.sample("ab")) }
            #expect(error.code == .unreachable)
            #expect(!registry.isReachable)
            try await server.restart()
            #expect(try await eventually { (try? await registry.user(.sample("ab"))) != nil })
            #expect(registry.isReachable)
            // Both connections are good; now they are lost while nobody looks.
            try await server.crash()
            try await server.restart()
            for _ in 0..<4 { #expect(try await registry.user(.sample("ab")) != nil) }
        }
    }

    @Test("calls to a frozen server end at their limit, those after them at once, and none holds up other tasks")
    func frozen() async throws {
        try await withRegistry { server, registry, _ in
            server.freeze()
            let tasksTurned = try await withThrowingTaskGroup(of: StorageError.Code?.self) { group in
                for _ in 0..<40 {
                    group.addTask {
                        do {
                            _ = try await registry.user(.sample("ab"))
                            return nil
                        } catch let error as StorageError { return error.code }
                    }
                }
                // More calls wait than the pool of threads has threads; tasks turn nevertheless.
                var turned = 0
                for _ in 0..<1_000 { turned += await Task { 1 }.value }
                let stillReachable = registry.isReachable
                for try await code in group { #expect(code == .unreachable) }
                return (turned, stillReachable)
            }
            #expect(tasksTurned == (1_000, true), "they turned before any call had ended")
            // One may try again, the other is told without waiting.
            async let first = failure { _ = try await registry.user(.sample("ab")) }
            async let second = failure { _ = try await registry.user(.sample("ab")) }
            let messages = [await first, await second]
            #expect(messages.contains { $0.contains("is away") }, "\(messages)")
            server.thaw()
            #expect(try await eventually { (try? await registry.user(.sample("ab"))) != nil })
        }
    }

    @Test("a row that somebody else holds costs one call, not the connection") func lockedRow() async throws {
        try await withRegistry { _, registry, url in
            let holder = PostgresConnection(PostgresSettings(url: url), number: 9)
            func hold(_ script: String) async throws {
                try await holder.run(until: .now.advanced(by: .seconds(30)), isRepeatable: false) { try $0.run(script) }
            }
            try await hold("BEGIN; LOCK TABLE user_registry IN ACCESS EXCLUSIVE MODE")
            let error = try await #require(throws: StorageError.self) {
                try await registry.setHasActiveRules(.sample("ab"), true)
            }
            #expect(error.code == .unreachable)
            #expect(error.message.contains("55P03"), "\(error)")
            #expect(registry.isReachable)
            try await hold("COMMIT")
            await holder.close()
            try await registry.setHasActiveRules(.sample("ab"), true)
            #expect(try await registry.user(.sample("ab"))?.hasActiveRules == true)
        }
    }

    @Test("wrong credentials are a matter of configuration, not of waiting") func refused() async throws {
        try await withRegistry { server, _, _ in
            let settings = PostgresSettings(url: "postgres://nobody@/postgres?host=\(server.directory)")
            let registry = PostgresRegistry(settings, logger: .quiet)
            let error = try await #require(throws: StorageError.self) { try await registry.anyKey() }
            #expect(error.code == .cannotOpen)
            #expect(error.hint?.contains("DATABASE_URL") == true)
            try await registry.close()
        }
    }
}
