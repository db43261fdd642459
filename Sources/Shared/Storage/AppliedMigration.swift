package import Migrations

/// A step as a database remembers it, in its table `tbx_migration`.
package struct AppliedMigration: Sendable, Equatable {
    package var number: Int
    package var name: String
    package var checksum: String

    package init(number: Int, name: String, checksum: String) {
        self.number = number
        self.name = name
        self.checksum = checksum
    }
}

extension AppliedMigration {
    /// How many steps are applied, once it is sure that they are the first of the known ones, unchanged.
    ///
    /// - Parameters:
    ///   - applied: in order of their numbers.
    ///   - database: names the database in errors.
    /// - Throws: `newerSchema` or `changedMigration`: another version of this program owns the database.
    package static func count(
        _ applied: [AppliedMigration], of known: [Migration], in database: String
    ) throws(StorageError) -> Int {
        for (index, step) in applied.enumerated() {
            guard step.number <= known.count else {
                throw StorageError(
                    .newerSchema,
                    "cannot use \(database): migration \(step.number) (\(step.name)) is unknown here, the newest known is \(known.count)",
                    hint: "run the newer version of this program again, or restore a backup made before it ran")
            }
            guard known[index].number == step.number, known[index].checksum == step.checksum else {
                throw StorageError(
                    .changedMigration,
                    "cannot use \(database): migration \(step.number) (\(step.name)) is not the one that this version carries",
                    hint: "run the version of this program that wrote the file, or restore a backup")
            }
        }
        return applied.count
    }
}
