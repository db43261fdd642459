import DomainModel
import Logging
import Observability
import ServiceSupport
import TorBoxClient
import UserStore

/// One look at one kind of a user's queue: rows in order, until they are done or something stands in the way.
struct UploadPass: Sendable {
    let processor: UploadProcessor
    let account: TorBoxAccount
    let asset: AssetType

    /// How long TorBox's lists may take to be read.
    static let lookBudget: Duration = .seconds(30)
    /// Between two looks when TorBox's answer was no plain list.
    static let lookAgainSeconds: Int64 = 60

    private var users: UserAccess { processor.users }
    private var user: UserID { account.user }
    private var policy: UploadPolicy { processor.policy }

    private enum Course { case goOn, stop }

    func run() async throws {
        let (asset, limit, now) = (asset, policy.workPerDrain, users.now())
        var rows = try await users.read(user) { try UploadRepository.ready($0, asset, at: now, limit: limit) }
        guard let first = rows.first else { return }
        let gate = try await outlook().gate
        if let gate {
            try await tell(first, gate.message)
            guard !gate.isPause else { return }
            // Behind a limit of creates, what is open can still be looked up, and what TorBox has costs nothing of the
            // hour's budget.
            if gate.reason == .rateLimit { rows = rows.filter { $0.unsettledSince != nil } }
        }
        guard let head = rows.first, var sight = try await look(for: head) else { return }
        if gate?.reason == .uncachedLimit { sight.cached = try await cachedHashes(of: rows) }
        for row in rows {
            guard !processor.isStopping(user), try await handle(row, &sight) == .goOn else { return }
        }
    }

    // MARK: One upload

    private func handle(_ row: UploadRow, _ sight: inout UploadSight) async throws -> Course {
        let file = try await file(of: row)
        if row.source == .file, file == nil, row.unsettledSince == nil {
            try await end(row, .failed(message: "File not found: it was removed; add it again."))
            return .goOn
        }
        let key = UploadKey(row, file: file)
        if row.unsettledSince != nil {
            guard try await isProvedAbsent(row, key, sight) else { return .goOn }
        } else if let known = sight.duplicate(of: key) {
            try await end(row, .completed(known))
            return .goOn
        }
        let outlook = try await outlook()
        let isFree = outlook.gate?.reason == .uncachedLimit && key.hash.map(sight.cached.contains) == true
        if let gate = outlook.gate, !isFree {
            try await tell(row, gate.message)
            return .goOn
        }
        guard outlook.budget.edgeReset(limit: policy.createsPerMinute) == nil else { return .stop }
        guard var call = CreateCall(row, file: file) else {
            try await end(row, .failed(message: "INVALID_OPTION: the upload has neither a file nor a link."))
            return .goOn
        }
        // Should the cache have let it go meanwhile, the hour's budget stays untouched.
        if isFree { call.onlyIfCached = true }
        return try await send(call, row, key, outlook.budget, &sight)
    }

    private func send(
        _ call: CreateCall, _ row: UploadRow, _ key: UploadKey, _ budget: UploadBudget, _ sight: inout UploadSight
    ) async throws -> Course {
        let sentAt = users.now()
        // Not queued any more: the user was faster.
        guard let attempt = try await users.write(user, { try UploadRepository.begin($0, row, at: sentAt) }) else {
            return .goOn
        }
        let answer = await processor.client.create(call, for: account)
        let now = users.now()
        let disposition = UploadDisposition.of(
            answer, key: key, budget: budget, policy,
            asCachedOnly: call.onlyIfCached && !row.onlyIfCached, at: now)
        if case .completed(let result) = disposition.fate { sight.add(key, result) }
        return try await finish(row, attempt, disposition, answer, at: now)
    }

    private func finish(
        _ row: UploadRow, _ attempt: Int64, _ disposition: UploadDisposition, _ answer: CreateAnswer, at now: Timestamp
    ) async throws -> Course {
        let gate = try await users.write(user) { [self] db -> UploadGate? in
            try UploadAttemptRepository.finish(
                db, attempt, disposition.outcome, status: answer.status, wasCached: disposition.wasCached,
                retryAt: disposition.retryAt, detail: disposition.detail.map { String($0.prefix(300)) })
            if let allowance = answer.allowance {
                try UploadAllowanceRepository.record(db, asset, UploadAllowance(allowance, at: now))
            }
            let gate = try outlook(db, at: now).gate
            switch disposition.fate {
            case .completed(let result): try UploadRepository.complete(db, row.id, result, at: now)
            case .failed(let message): try UploadRepository.fail(db, row.id, message: message, at: now)
            case .postponed(let until, let message, let countsAsRetry):
                try UploadRepository.postpone(
                    db, row.id, until: until, message: message ?? gate?.message ?? UploadMessage.unavailable,
                    countsAsRetry: countsAsRetry, at: now)
            }
            return gate
        }
        log(row, disposition)
        // With the hour's budget used up, each of the others is looked at: TorBox may have its data.
        return gate == nil || gate?.reason == .uncachedLimit ? .goOn : .stop
    }

    // MARK: What TorBox has

    /// Reads the kind's lists; nil when TorBox cannot be asked now, which is written down as an attempt of `row`.
    private func look(for row: UploadRow) async throws -> UploadSight? {
        let (client, account, asset) = (processor.client, account, asset)
        do {
            let snapshot = try await processor.stop.cancellingOnStop {
                try await client.snapshot(of: [asset], for: account, within: Self.lookBudget)
            }
            return UploadSight(snapshot: snapshot)
        } catch let error as TorBoxError {
            let now = users.now()
            switch error.code {
            // TorBox answers, though not plainly: what was never sent can be sent without harm.
            case .incomplete, .malformed, .refused, .planRestricted: return UploadSight(snapshot: nil)
            case .cancelled: return nil
            case .rateLimited:
                let wait = error.retryAfter ?? .seconds(60)
                try await note(row, .limited, retryAt: now.advanced(byMilliseconds: wait.milliseconds), error, at: now)
            case .unauthorized: try await note(row, .unauthorized, error, at: now)
            default: try await note(row, .notSent, error, at: now)
            }
            return nil
        } catch is CancellationError {
            return nil
        }
    }

    /// Those of the rows' hashes that TorBox has the data of; none when it does not say.
    private func cachedHashes(of rows: [UploadRow]) async throws -> Set<String> {
        var hashes: [String] = []
        for row in rows { if let hash = UploadKey(row, file: try await file(of: row)).hash { hashes.append(hash) } }
        do {
            return try await processor.client.cachedHashes(asset, among: hashes, for: account, within: Self.lookBudget)
        } catch {
            processor.logger.debug("cache lookup failed, uploads wait", metadata: [LogKey.error: "\(error)"])
            return []
        }
    }

    private func note(
        _ row: UploadRow, _ outcome: UploadAttempt.Outcome, retryAt: Timestamp? = nil, _ error: TorBoxError,
        at now: Timestamp
    ) async throws {
        try await users.write(user) { [self] db in
            try UploadAttemptRepository.record(
                db, upload: row.id, asset, outcome, retryAt: retryAt,
                detail: String(error.description.prefix(300)), at: now)
            let message = try outlook(db, at: now).gate?.message ?? UploadMessage.unavailable
            try UploadRepository.postpone(db, row.id, until: row.nextAttemptAt, message: message, at: now)
        }
    }

    /// Whether a create of unknown fate is proved not to have been carried out; every other finding is written down.
    private func isProvedAbsent(_ row: UploadRow, _ key: UploadKey, _ sight: UploadSight) async throws -> Bool {
        let (asset, now) = (asset, users.now())
        guard let snapshot = sight.snapshot, let sentAt = row.unsettledSince else {
            try await postpone(row, until: now.advanced(bySeconds: Self.lookAgainSeconds), at: now)
            return false
        }
        if let known = sight.duplicate(of: key) {
            try await endUnsettled(row, .completed(known))
            return false
        }
        let claimed = try await users.read(user) { try UploadRepository.claimedIDs($0, asset) }
        let question = UploadSettlement.Question(
            asset: asset, key: key, name: CreateCall.name(of: row), sentAt: sentAt)
        switch UploadSettlement.decide(question, claimed: claimed, in: snapshot, policy, at: now) {
        case .found(let item):
            try await endUnsettled(row, .completed(UploadResult(item: item)))
            return false
        case .open(let until):
            try await postpone(row, until: until, at: now)
            return false
        case .unprovable:
            try await endUnsettled(row, .failed(message: Self.unprovable))
            return false
        case .absent: return try await mayBeSentAgain(row, sentAt, at: now)
        }
    }

    private static let unprovable =
        "TorBox's answer was lost, and its lists do not tell whether this was added. Look for it there, then retry or delete."

    /// TorBox's own trouble makes the pauses longer, and in the end it is the user's turn.
    private func mayBeSentAgain(_ row: UploadRow, _ sentAt: Timestamp, at now: Timestamp) async throws -> Bool {
        let backoff = Backoff(base: policy.softDefer, cap: policy.pause, jitter: 0)
        let rest = row.retryCount > 0 ? backoff.plainDelay(attempt: row.retryCount) : .zero
        let next = sentAt.advanced(byMilliseconds: rest.milliseconds)
        let isGivenUp = row.retryCount >= policy.triesBeforeFailure
        try await users.write(user) { db in
            try UploadAttemptRepository.settleAsNotDone(db, upload: row.id)
            if isGivenUp {
                try UploadRepository.fail(
                    db, row.id, message: "TorBox failed \(row.retryCount) times to take this; retry later.", at: now)
            } else {
                try UploadRepository.postpone(
                    db, row.id, until: next > now ? next : nil, message: UploadMessage.connection, at: now)
            }
        }
        return !isGivenUp && next <= now
    }

    // MARK: Small things

    private func file(of row: UploadRow) async throws -> [UInt8]? {
        guard row.source == .file, !row.isFileDeleted else { return nil }
        guard let path = row.filePath.flatMap({ processor.files.path($0, of: user) }) else { return nil }
        return try await processor.files.read(path)
    }

    private func outlook() async throws -> UploadOutlook {
        let now = users.now()
        return try await users.read(user) { [self] db in try outlook(db, at: now) }
    }

    private func outlook(_ db: UserDatabase.Connection, at now: Timestamp) throws -> UploadOutlook {
        try UploadOutlook.of(asset, of: user, db, processor.memory, policy, at: now)
    }

    /// Lets a waiting row say why it waits.
    private func tell(_ row: UploadRow, _ message: String) async throws {
        guard row.errorMessage != message else { return }
        let now = users.now()
        try await users.write(user) { db in
            try UploadRepository.postpone(db, row.id, until: row.nextAttemptAt, message: message, at: now)
        }
    }

    private func postpone(_ row: UploadRow, until: Timestamp, at now: Timestamp) async throws {
        try await users.write(user) { db in
            try UploadRepository.postpone(db, row.id, until: until, message: UploadMessage.unsettled, at: now)
        }
    }

    /// Ends an upload without a call.
    private func end(_ row: UploadRow, _ fate: UploadDisposition.Fate) async throws {
        try await end(row, fate) { _ in }
    }

    private func endUnsettled(_ row: UploadRow, _ fate: UploadDisposition.Fate) async throws {
        try await end(row, fate) { db in
            if case .completed = fate {
                try UploadAttemptRepository.settleAsDone(db, upload: row.id)
            } else {
                try UploadAttemptRepository.settleAsUnprovable(db, upload: row.id)
            }
        }
    }

    private func end(
        _ row: UploadRow, _ fate: UploadDisposition.Fate,
        _ settle: @escaping @Sendable (UserDatabase.Connection) throws -> Void
    ) async throws {
        let now = users.now()
        try await users.write(user) { db in
            try settle(db)
            switch fate {
            case .completed(let result): try UploadRepository.complete(db, row.id, result, at: now)
            case .failed(let message): try UploadRepository.fail(db, row.id, message: message, at: now)
            case .postponed: break
            }
        }
        log(row, UploadDisposition(fate: fate, outcome: .init(code: "FOUND")))
    }

    private func log(_ row: UploadRow, _ disposition: UploadDisposition) {
        MetricNames.uploads.count(asset.rawValue, disposition.fate.label)
        var isGood = false
        if case .completed = disposition.fate { isGood = true }
        processor.logger.log(
            level: isGood ? .info : .notice, "upload attempted",
            metadata: [
                LogKey.userID: "\(user.short)", LogKey.upload: "\(row.id)", LogKey.outcome: "\(disposition.fate.label)",
                LogKey.reason: "\(disposition.outcome.code ?? "")",
            ])
    }
}

extension UploadDisposition.Fate {
    /// A bounded label for metrics and logs.
    var label: String {
        switch self {
        case .completed: "completed"
        case .failed: "failed"
        case .postponed: "postponed"
        }
    }
}

extension UploadAllowance {
    init(_ allowance: CreateAllowance, at now: Timestamp) {
        self.init(
            limit: allowance.limit, remaining: allowance.remaining,
            resetAt: allowance.reset.map { now.advanced(byMilliseconds: $0.milliseconds) }, at: now)
    }
}
