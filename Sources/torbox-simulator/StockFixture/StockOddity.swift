/// What is peculiar about one user of a fixture, besides what all of them have.
package enum StockOddity: String, Sendable, CaseIterable {
    case plain
    /// Committed rows are only in the journal.
    case journal
    /// The registration names a relative path.
    case relativePath
    /// Rows that refer to rows which are gone.
    case orphans
    /// A download archived twice, in two spellings of its number and with another hash.
    case duplicateArchives
    /// Numbers as floating point and ids that are no numbers.
    case oddIDs
    /// Times with zone, with `T`, and unreadable ones.
    case oddTimes
    /// Rules of every kind that means something else here.
    case oddRules
    /// The key is under the public default.
    case publicKey
    /// The key is under the right master key, without the salt.
    case unsaltedKey
    /// The key is under somebody else's master key.
    case foreignKey
    case malformedKey
    /// The id is a keyed hash.
    case keyedID
    /// The same, and the user is registered a second time under the usual id, as user `n`'s double.
    case keyedIDTaken
    case noFile
    /// A file and no registration.
    case unregistered
    /// A key and no registration.
    case strayKey
    /// A registration and no key.
    case noKey
    case inactive
    /// User and key disagree.
    case flagsDiffer
    case damaged
    /// An empty file.
    case empty
    /// Marked as migrated further than it is, and some marks without leading zeros.
    case wrongMarks
    /// A change applied without its mark.
    case unmarked
    /// A file of an earlier version than the registry's.
    case leftBehind
    case uploads
    /// A stored key of another service.
    case secret
    case pendingActions
}
