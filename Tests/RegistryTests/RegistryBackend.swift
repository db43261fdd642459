import DomainModel
import Logging
import Registry
import ServiceHarness

/// The registries that must all behave alike: the suite runs once for each.
enum RegistryBackend: String, CaseIterable, Sendable {
    case sqlite, postgres

    /// Runs `body` with a new, migrated registry that goes away afterwards.
    func withRegistry(_ body: (any UserRegistry) async throws -> Void) async throws {
        switch self {
        case .sqlite:
            try await withTemporaryFolder { folder in
                let registry = try await SQLiteRegistry.open(path: "\(folder)/master.db")
                try await registry.migrate(now: .noon)
                try await body(registry)
                try await registry.close()
            }
        case .postgres:
            let url = try await PostgresServer.shared.value.newDatabase()
            let registry = PostgresRegistry(PostgresSettings(url: url), logger: .quiet)
            try await registry.migrate(now: .noon)
            try await body(registry)
            try await registry.close()
        }
    }
}

extension Logger {
    /// Says nothing.
    static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
}
