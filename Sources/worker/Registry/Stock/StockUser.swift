package import DomainModel

/// A user as a stock registry of any version has them.
package struct StockUser: Sendable, Equatable {
    package var id: UserID
    /// As it was at registration, on whatever machine that was.
    package var databasePath: String
    package var status: RegisteredUser.Status
    package var unfinishedDownloads: Int64
    package var nextPoll: Timestamp?
    package var createdAt: Timestamp?
    package var updatedAt: Timestamp?
    package var uploads: UploadBacklog
    package var keyRefusals: Int64
    package var planRefusals: Int64
    package var lastSeen: Timestamp?
    package var previousLastSeen: Timestamp?
    /// Nil when the key's row is missing.
    package var key: StockKey?
}
