package import DomainModel
package import Migrations

/// What a database file is for: names it in messages and decides which migrations it gets.
package enum DatabaseKind: Sendable, Hashable, CustomStringConvertible {
    case registry
    case user(UserID)

    /// `the registry`, or `the database of user 1a2b3c4d`.
    package var description: String {
        switch self {
        case .registry: "the registry"
        case .user(let id): "the database of user \(id.short)"
        }
    }

    package var family: Migration.Family {
        switch self {
        case .registry: .registry
        case .user: .user
        }
    }

    package var migrator: SQLMigrator {
        switch self {
        case .registry: .registry
        case .user: .user
        }
    }
}
