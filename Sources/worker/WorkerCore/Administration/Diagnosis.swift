import DomainModel
import Registry

/// What does not fit together among registry rows and files. Pure.
struct Diagnosis: Sendable {
    /// A file that belongs to nobody.
    struct StrayFile: Sendable, Equatable {
        enum Kind: Sendable { case database, writeAheadLog, sharedMemory, other }
        var name: String
        var kind: Kind
    }

    /// Rows without a key.
    var withoutKey: [CatalogueEntry] = []
    var missingFiles: [CatalogueEntry] = []
    /// Account and key disagree.
    var mismatches: [CatalogueEntry] = []
    /// Paths that several users have, with how many.
    var duplicatePaths: [(path: String, count: Int)] = []
    var strayFiles: [StrayFile] = []
    var existingFiles = 0
    var breakdown = Breakdown()

    struct Breakdown: Sendable, Equatable {
        var bothActive = 0
        var registryOnly = 0
        var keyOnly = 0
        var activeKeys = 0
        var keys = 0
        var activeUsers = 0
    }

    /// - Parameters:
    ///   - names: of all files in the directory.
    ///   - isMine: whether a file that is named for a user, or (nil) for none, is this worker's to report.
    init(entries: [CatalogueEntry], names: [String], isMine: (UserID?) -> Bool) {
        let present = Set(names)
        var paths: [String: Int] = [:]
        for entry in entries {
            paths[entry.databasePath, default: 0] += 1
            if present.contains(Self.fileName(of: entry.id)) { existingFiles += 1 } else { missingFiles.append(entry) }
            count(entry)
        }
        duplicatePaths = paths.filter { $0.value > 1 }.map { ($0.key, $0.value) }.sorted { $0.path < $1.path }
        let known = Set(entries.map(\.id))
        strayFiles = names.compactMap { name in
            let (owner, kind) = Self.read(name)
            guard isMine(owner), owner.map({ !known.contains($0) }) ?? true else { return nil }
            return StrayFile(name: name, kind: kind)
        }
    }

    private mutating func count(_ entry: CatalogueEntry) {
        let isKeyActive = entry.isKeyActive ?? false
        if entry.isKeyActive == nil { withoutKey.append(entry) } else { breakdown.keys += 1 }
        if entry.isKeyActive != nil, isKeyActive != entry.isActive { mismatches.append(entry) }
        breakdown.activeKeys += isKeyActive ? 1 : 0
        breakdown.activeUsers += entry.isActive ? 1 : 0
        breakdown.bothActive += isKeyActive && entry.isActive ? 1 : 0
        breakdown.registryOnly += !isKeyActive && entry.isActive ? 1 : 0
        breakdown.keyOnly += isKeyActive && !entry.isActive ? 1 : 0
    }

    static func fileName(of user: UserID) -> String { "user_\(user.hex).sqlite" }

    /// Whose file the name says it is, and what part of it.
    static func read(_ name: String) -> (owner: UserID?, kind: StrayFile.Kind) {
        guard let match = name.wholeMatch(of: /user_([0-9a-f]{64})\.sqlite(.*)/), let id = UserID(String(match.1))
        else { return (nil, .other) }
        return switch match.2 {
        case "": (id, .database)
        case "-wal": (id, .writeAheadLog)
        case "-shm": (id, .sharedMemory)
        default: (id, .other)
        }
    }
}
