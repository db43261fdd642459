package import DomainModel

/// The registry as an administrator sees it. Any worker may read all of it; errors are `StorageError`.
package protocol UserCatalogue: Sendable {
    /// One page, and how many users there are over all pages.
    func page(_ query: CatalogueQuery) async throws -> (entries: [CatalogueEntry], total: Int)

    /// Nil when the user is not registered.
    func entry(of user: UserID) async throws -> CatalogueEntry?

    /// Everybody in these slots in order of their ids. Fit for 100,000 users.
    func entries(in slots: ClosedRange<Slot>) async throws -> [CatalogueEntry]

    /// Keys in these slots whose user is not registered (stock enforced no foreign keys).
    func strayKeys(in slots: ClosedRange<Slot>) async throws -> [StrayKey]

    /// `limited` or `unlimited`. False when the user is not registered.
    func setUploadTier(_ user: UserID, _ tier: String, now: Timestamp) async throws -> Bool

    /// Size and rows of the registry itself.
    func figures() async throws -> RegistryFigures
}

/// A key without a user.
package struct StrayKey: Sendable, Equatable {
    package var id: String
    package var name: String?
    package var isActive: Bool
    package var createdAt: Timestamp?

    package init(id: String, name: String?, isActive: Bool, createdAt: Timestamp?) {
        self.id = id
        self.name = name
        self.isActive = isActive
        self.createdAt = createdAt
    }
}

/// How large the registry is.
package struct RegistryFigures: Sendable, Equatable {
    /// Bytes on disk.
    package var bytes: Int64
    package var tableCounts: [String: Int64]

    package init(bytes: Int64, tableCounts: [String: Int64]) {
        self.bytes = bytes
        self.tableCounts = tableCounts
    }
}
