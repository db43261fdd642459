import DomainModel
import Registry

/// Who is adopted, as whom, and who is not.
struct AdoptionPlan: Sendable {
    private(set) var users: [PlannedUser] = []
    /// About those who are left out, and about nobody.
    private(set) var findings: [AdoptionFinding] = []

    private let master: StockMaster
    private let directory: StockDirectory
    private let keys: KeyRing
    private let files: UserFiles
    private let now: Timestamp
    /// Who is here already, other than by an earlier run.
    private let isHere: @Sendable (UserID) -> Bool

    /// - Parameters:
    ///   - withFiles: users whose file lies in the stock directory under its usual name.
    ///   - files: where user files are here.
    init(
        _ master: StockMaster, in directory: StockDirectory, withFiles: [UserID], keys: KeyRing, files: UserFiles,
        now: Timestamp, isHere: @escaping @Sendable (UserID) -> Bool
    ) {
        self.master = master
        self.directory = directory
        self.keys = keys
        self.files = files
        self.now = now
        self.isHere = isHere
        let registered = Set(master.users.map(\.id))
        let taken = registered.union(withFiles)
        for user in master.users { plan(user, taken) }
        for id in withFiles where !registered.contains(id) { planFile(of: id) }
        for id in master.strayKeys { note(.keyStray, nil, "user \(id.prefix(8))") }
        for id in master.unreadableIDs { note(.idUnreadable, nil, "\"\(id.prefix(16))\"") }
        if master.pendingActions > 0 { note(.actionsDropped, nil, "\(master.pendingActions) batches") }
    }

    private mutating func note(_ kind: AdoptionFindingKind, _ user: UserID?, _ text: String) {
        findings.append(AdoptionFinding(kind, of: user, text))
    }

    private mutating func planFile(of id: UserID) {
        guard !isHere(id) else { return note(.alreadyHere, id, "a file without a registration") }
        var user = PlannedUser(source: id, id: id, file: "\(directory.users)/\(UserFiles.name(of: id))")
        user.findings.append(AdoptionFinding(.fileUnregistered, of: id, UserFiles.name(of: id)))
        users.append(user)
    }

    private mutating func plan(_ stock: StockUser, _ taken: Set<UserID>) {
        var user = PlannedUser(source: stock.id, id: stock.id)
        var notes: [AdoptionFinding] = []
        func add(_ kind: AdoptionFindingKind, _ text: String) {
            notes.append(AdoptionFinding(kind, of: stock.id, text))
        }
        var encrypted: String?
        if let key = stock.key {
            do {
                let plain = try keys.decrypt(key.encrypted)
                encrypted = key.encrypted
                if case .renewed(let text) = try keys.renewal(of: key.encrypted) {
                    encrypted = text
                    add(.keyRenewed, "under the current master key")
                }
                // For a part of one day ids were keyed hashes, with which nobody is found any more.
                if let usual = Self.usualID(of: plain), usual != stock.id {
                    guard !taken.contains(usual) else {
                        return note(.idTaken, stock.id, "registered again as user \(usual.short)")
                    }
                    user.id = usual
                    add(.idCorrected, "is user \(usual.short) now")
                }
            } catch {
                add(.keyUnreadable, error.message)
            }
        } else {
            add(.keyMissing, "registered, but without a key")
        }
        guard !isHere(user.id) else { return note(.alreadyHere, user.id, "registered, or with a file") }
        if let found = directory.file(registeredAs: stock.databasePath, of: stock.id) {
            user.file = found.path
            if found.isElsewhere { add(.fileElsewhere, found.path) }
        } else {
            add(.fileMissing, stock.databasePath)
        }
        if let key = stock.key, let encrypted { user.record = record(stock, key, encrypted, as: user.id) }
        if let key = stock.key, key.isActive != (stock.status == .active) {
            add(.flagsDiffer, "user \(stock.status.rawValue), key \(key.isActive ? "active" : "inactive")")
        }
        user.findings = notes
        users.append(user)
    }

    private func record(_ stock: StockUser, _ key: StockKey, _ encrypted: String, as id: UserID) -> AdoptedUser {
        let created = stock.createdAt ?? now
        var record = AdoptedUser(
            id: id, databasePath: files.path(of: id), status: stock.status, createdAt: created,
            updatedAt: stock.updatedAt ?? created, encryptedKey: encrypted, isKeyActive: key.isActive,
            keyCreatedAt: key.createdAt ?? created, keyUpdatedAt: key.updatedAt ?? key.createdAt ?? created)
        record.unfinishedDownloads = stock.unfinishedDownloads
        // Stock's longest pause between polls is three hours; a time far away is an error of somebody's clock.
        record.nextDue = stock.nextPoll.flatMap { $0.milliseconds(since: now) > 4 * 3_600_000 ? nil : $0 }
        record.uploads = stock.uploads
        record.keyRefusals = stock.keyRefusals
        record.planRefusals = stock.planRefusals
        record.lastSeen = stock.lastSeen
        record.previousLastSeen = stock.previousLastSeen
        record.keyName = key.name
        return record
    }

    private static func usualID(of key: APIKey) -> UserID? { RegistrationHandlers.userID(of: key) }
}
