import DomainModel
import Storage

/// One user from the stock file to a file of ours in its place, or what an earlier run has done of that.
struct AdoptionSettlement: Sendable {
    let work: UserFileAdoption
    let files: UserFiles
    /// Nil for a dry run, of which nothing stays.
    let ledger: AdoptionLedger?
    /// Of earlier runs on the same source.
    let entries: [UserID: AdoptionLedger.Entry]

    struct Settled: Sendable {
        var user: PlannedUser
        var outcome: UserOutcome
        var isDoneBefore = false
        /// Nil when an earlier run has registered the user.
        var needsRegistration = true
    }

    /// Blocks. Throws only what concerns everybody, such as a full disk; what is wrong with one user's file is a finding.
    func settle(_ user: PlannedUser) throws -> Result<Settled, AdoptionRefusal> {
        if let before = try settledBefore(user) { return .success(before) }
        do {
            return .success(try take(user))
        } catch let error as StorageError where !Self.concernsEverybody(error) {
            return .failure(AdoptionRefusal(finding: AdoptionFinding(.fileRefused, of: user.source, "\(error)")))
        }
    }

    private func settledBefore(_ user: PlannedUser) throws -> Settled? {
        guard let entry = entries[user.id] else { return nil }
        guard entry.isRegistered || AdoptionCommand.isOurs(entry, files.path(of: user.id)) else { return nil }
        // A crash between the two steps of giving a file its name leaves both names.
        if !entry.isRegistered { try PrivateFiles.remove(work.draft(of: user.id)) }
        return Settled(
            user: user, outcome: entry.outcome, isDoneBefore: true, needsRegistration: !entry.isRegistered)
    }

    private func take(_ user: PlannedUser) throws -> Settled {
        var outcome = UserOutcome()
        let draft = work.draft(of: user.id)
        if let file = user.file { outcome = try work.run(user, from: file) }
        outcome.findings = user.findings + outcome.findings
        if let ledger {
            let inode = user.file == nil ? 0 : PrivateFiles.inode(of: draft) ?? 0
            try ledger.record(user.id, from: work.directory.path, inode: inode, outcome)
            if user.file != nil { try UserFileCopy.publish(draft, as: files.path(of: user.id)) }
        } else {
            PrivateFiles.removeDatabase(draft)
        }
        return Settled(user: user, outcome: outcome)
    }

    private static func concernsEverybody(_ error: StorageError) -> Bool {
        [.diskFull, .readOnly].contains(error.code)
    }
}

/// Why one user was left out.
struct AdoptionRefusal: Error {
    var finding: AdoptionFinding
}
