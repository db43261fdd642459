import DomainModel
import Registry

/// The registries that must all behave alike: the suite runs once for each.
enum RegistryBackend: String, CaseIterable, Sendable {
    case sqlite

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
        }
    }
}
