package import DomainModel

/// A stored API key of a stock registry.
package struct StockKey: Sendable, Equatable {
    /// See ``KeyCipher``.
    package var encrypted: String
    package var name: String?
    package var isActive: Bool
    package var createdAt: Timestamp?
    package var updatedAt: Timestamp?
}
