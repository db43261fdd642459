import DomainModel
import Foundation
import Logging
import Observability
import Registry
import ServiceSupport
import Storage

/// `worker adopt`: takes in the data directory of a stock backend, of any version since January 2026.
///
/// The source is only read. Each user's file is copied, checked, brought into our form and only then given its name; then
/// the registry learns of the user. Interrupted anywhere it can be run again, see ``AdoptionLedger``. Nothing that is here already is
/// touched, and nothing else may run on this data meanwhile: all slots are locked.
struct AdoptionCommand: Sendable {
    let configuration: WorkerConfiguration
    let logger: Logger
    let source: String
    let isDryRun: Bool

    private var files: UserFiles { UserFiles(directory: configuration.userDatabaseDirectory) }

    func run(asJSON: Bool, now: Timestamp) async throws {
        let started = ContinuousClock.now
        let directory = try await Blocking.run { [source] in try StockDirectory(source) }
        try await Blocking.run { try self.check(directory) }
        let ownership = isDryRun ? nil : try ownership()
        defer { try? ownership?.release(Slot.all) }  // The kernel gives them back in any case.
        let scratch = try Scratch()
        defer { scratch.remove() }
        let master = try await Blocking.run { try Self.readMaster(directory, scratch) }
        let (trial, isLasting) = try trialKeys()
        try require(trial, toOpenSomeKeyOf: master)
        // A key file is made only now, when nothing speaks against beginning.
        let keys = try isLasting || isDryRun ? trial : DataDirectory.keyRing(configuration, logger, forStock: true)
        var report =
            isDryRun
            ? try await rehearse(directory, master, keys, scratch, now)
            : try await adopt(directory, master, keys, now)
        report.registered = master.users.count + master.unreadableIDs.count
        report.seconds = started.duration(to: .now) / .seconds(1)
        report.peakMemoryMebibytes = PeakMemory.mebibytes
        report.sort()
        print(asJSON ? try report.json() : report.text)
        guard report.refused == 0 else {
            throw StartFailure(
                ExitCode.badData, "\(report.refused) users were not adopted, the report says why; all others were")
        }
    }

    // MARK: Before anything is done

    private func check(_ directory: StockDirectory) throws {
        let ours = [configuration.dataDirectory, configuration.userDatabaseDirectory]
        for path in ours {
            let real = URL(fileURLWithPath: path).standardizedFileURL.resolvingSymlinksInPath().path
            guard real != directory.path, !real.hasPrefix(directory.path + "/") else {
                throw StartFailure(
                    ExitCode.configuration,
                    "\(directory.path) is where this service keeps its own data: move the stock directory aside, or give another DATA_DIR; "
                        + "what is adopted is copied, the source stays as it is")
            }
        }
        try directory.requireUnused()
    }

    /// All slots, so that no worker of this data directory runs or starts meanwhile.
    private func ownership() throws -> SlotOwnership {
        for path in [configuration.dataDirectory, configuration.userDatabaseDirectory] {
            try PrivateFiles.makeDirectory(path)
        }
        let ownership = try SlotOwnership(dataDirectory: configuration.dataDirectory)
        do {
            try ownership.acquire(Slot.all, serving: false)
        } catch let error as SlotLockError where error.isHeldElsewhere {
            throw StartFailure(
                ExitCode.temporary,
                "the service runs on \(configuration.dataDirectory), or another adoption does: stop it first (supervisor drain)"
            )
        }
        return ownership
    }

    private static func readMaster(_ directory: StockDirectory, _ scratch: Scratch) throws -> StockMaster {
        let copy = "\(scratch.path)/master.db"
        try StockFileCopy.make(of: directory.master, at: copy)
        defer { PrivateFiles.removeDatabase(copy) }
        return try StockMaster(copy: copy)
    }

    /// A key that opens nothing is a mistake, not a finding about every single user.
    private func require(_ keys: KeyRing, toOpenSomeKeyOf master: StockMaster) throws {
        let keyed = master.users.filter { $0.key != nil }
        guard let first = keyed.first else { return }
        for user in keyed {
            // That one does not open says nothing yet.
            if let key = user.key, (try? keys.decrypt(key.encrypted)) != nil { return }
        }
        throw StartFailure(
            ExitCode.configuration,
            "ENCRYPTION_KEY opens none of the \(keyed.count) stored API keys (tried user \(first.id.short) first), and neither does the old public default: "
                + "set ENCRYPTION_KEY and ENCRYPTION_SALT to those of the stock backend, or ENCRYPTION_KEY_PREVIOUS and ENCRYPTION_SALT_PREVIOUS beside a new key; "
                + "nothing was changed")
    }

    /// The keys without making a key file: whether they are those that stay, or the current one only stands for the one to be made.
    private func trialKeys() throws -> (KeyRing, isLasting: Bool) {
        var trial = configuration
        var isLasting = true
        if trial.encryptionKey == nil {
            let file = try MasterKeyFile.loadExisting(in: trial.dataDirectory)
            isLasting = file != nil
            trial.encryptionKey =
                file?.revealed ?? "\(UInt64.random(in: 0...UInt64.max))\(UInt64.random(in: 0...UInt64.max))"
        }
        return (try DataDirectory.keyRing(trial, logger, forStock: true), isLasting)
    }

    // MARK: The work

    private func adopt(
        _ directory: StockDirectory, _ master: StockMaster, _ keys: KeyRing, _ now: Timestamp
    ) async throws -> AdoptionReport {
        let registry = try await DataDirectory.registry(configuration, logger)
        try await registry.migrate(now: now)
        try await DataDirectory.tryKey(keys, on: registry)
        let known = Set(try await registry.users(in: Slot(0)...Slot(255)).map(\.id))
        let ledger = try await Blocking.run { [configuration] in
            try AdoptionLedger(dataDirectory: configuration.dataDirectory)
        }
        let entries = try await Blocking.run { try ledger.entries().filter { $0.value.source == directory.path } }
        let files = files
        try await Blocking.run { try UserFileAdoption.clear(files.directory) }
        let plan = try await plan(directory, master, keys, now) { user in
            if let entry = entries[user], entry.isRegistered || Self.isOurs(entry, files.path(of: user)) {
                return false
            }
            return known.contains(user) || PrivateFiles.exists(files.path(of: user))
        }
        let work = UserFileAdoption(
            directory: directory, workshop: files.directory, uploadDirectory: configuration.uploadDirectory, keys: keys,
            now: now, isDryRun: false)
        let settlement = AdoptionSettlement(work: work, files: files, ledger: ledger, entries: entries)
        var run = AdoptionRun(
            settlement: settlement, registry: registry, report: begin(directory, plan), now: now)
        let report = try await run.run(plan.users)
        try await Blocking.run { try ledger.close() }
        try await registry.close()
        return report
    }

    /// The same work, thrown away.
    private func rehearse(
        _ directory: StockDirectory, _ master: StockMaster, _ keys: KeyRing, _ scratch: Scratch, _ now: Timestamp
    ) async throws -> AdoptionReport {
        let known = await registeredUsers()
        let files = files
        let plan = try await plan(directory, master, keys, now) {
            known.contains($0) || PrivateFiles.exists(files.path(of: $0))
        }
        let work = UserFileAdoption(
            directory: directory, workshop: scratch.path, uploadDirectory: configuration.uploadDirectory, keys: keys,
            now: now, isDryRun: true)
        let settlement = AdoptionSettlement(work: work, files: files, ledger: nil, entries: [:])
        var run = AdoptionRun(
            settlement: settlement, registry: nil, report: begin(directory, plan), now: now)
        return try await run.run(plan.users)
    }

    private func plan(
        _ directory: StockDirectory, _ master: StockMaster, _ keys: KeyRing, _ now: Timestamp,
        isHere: @escaping @Sendable (UserID) -> Bool
    ) async throws -> AdoptionPlan {
        let files = files
        return try await Blocking.run {
            let withFiles = try directory.usersWithFiles()
            return AdoptionPlan(
                master, in: directory, withFiles: withFiles, keys: keys, files: files, now: now, isHere: isHere)
        }
    }

    private func begin(_ directory: StockDirectory, _ plan: AdoptionPlan) -> AdoptionReport {
        var report = AdoptionReport(source: directory.path, isDryRun: isDryRun)
        for finding in plan.findings {
            report.add(finding)
            if AdoptionFindingKind(rawValue: finding.kind)?.isRefusal == true { report.refused += 1 }
        }
        return report
    }

    /// A registry that does not exist yet, or is of an earlier version, is not made for a dry run: nobody counts as registered then.
    private func registeredUsers() async -> Set<UserID> {
        guard configuration.registryServer != nil || PrivateFiles.exists(configuration.masterDatabasePath) else {
            return []
        }
        do {
            let registry = try await DataDirectory.registry(configuration, logger)
            let users = try await registry.users(in: Slot(0)...Slot(255))
            try await registry.close()
            return Set(users.map(\.id))
        } catch {
            logger.notice("the registry could not be read, taken for empty", metadata: [LogKey.error: "\(error)"])
            return []
        }
    }

    /// Whether the file in a user's place is the one that an earlier run put there.
    static func isOurs(_ entry: AdoptionLedger.Entry, _ path: String) -> Bool {
        entry.inode == (PrivateFiles.inode(of: path) ?? 0)
    }
}
