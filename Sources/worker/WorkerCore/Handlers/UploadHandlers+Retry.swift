import DomainModel
import TorBoxClient
import UserStore
import WireProtocol

/// Failed uploads tried again. Those that TorBox has by now are completed instead.
extension UploadHandlers {
    /// Somebody waits for the answer.
    static let lookBudget: Duration = .seconds(20)

    /// What is to be done with failed uploads.
    private struct Plan: Sendable {
        var requeued: [Int64] = []
        var completed: [(id: Int64, result: UploadResult)] = []
        /// TorBox could not be asked about these.
        var unavailable: [Int64] = []
        /// Their files are gone.
        var fileless: [Int64] = []
    }

    @concurrent func retry(_ context: RequestContext) async throws -> Response {
        let row = try await row(context)
        guard row.status == .failed else { throw Refusal(400, "Only failed uploads can be retried") }
        let plan = try await plan([row], context)
        guard plan.unavailable.isEmpty else { throw Self.unreachable }
        guard plan.fileless.isEmpty else {
            throw Refusal(400, "File not found", detail: "The file was removed; add it again.")
        }
        try await apply(plan, context)
        guard let after = try await users.read(context.user, { try UploadRepository.get($0, row.id) }) else {
            throw Self.notFound
        }
        let isCompleted = !plan.completed.isEmpty
        return Self.reply(with: after) { if isCompleted { $0.member("completedFromTorbox", true) } }
    }

    @concurrent func retryBulk(_ context: RequestContext) async throws -> Response {
        let ids = try UploadForm.ids(context.jsonObject()["ids"])
        let rows = try await users.read(context.user) { try UploadRepository.get($0, ids) }
        guard !rows.isEmpty else { throw Refusal(404, "No uploads found") }
        let failed = rows.filter { $0.status == .failed }
        guard !failed.isEmpty else { throw Refusal(400, "None of the uploads has failed") }
        let plan = try await plan(failed, context)
        try await apply(plan, context)
        var json = JSONWriter(capacity: 256 + 16 * ids.count)
        json.object { Self.write(plan, requested: ids.count, to: &$0) }
        return Response(status: plan.unavailable.isEmpty ? 200 : 503, body: .bytes(json.buffer))
    }

    private static func write(_ plan: Plan, requested: Int, to json: inout JSONWriter) {
        json.member("success", plan.unavailable.isEmpty)
        if plan.unavailable.isEmpty {
            json.member("message", "\(plan.requeued.count) uploads queued again")
        } else {
            json.member("error", unreachable.error)
        }
        json.member(
            "data",
            object: {
                $0.member("retried", plan.requeued.count)
                $0.member("completed", plan.completed.count)
                $0.member("requested", requested)
                $0.member("uploadIds", array: { list in plan.requeued.forEach { list.value($0) } })
                $0.member("completedIds", array: { list in plan.completed.forEach { list.value($0.id) } })
                if !plan.unavailable.isEmpty { $0.member("unavailable", plan.unavailable.count) }
            })
    }

    private static var unreachable: Refusal {
        Refusal(503, "TorBox API unavailable", detail: "Nothing was changed; try again later.")
    }

    // MARK: Looking and doing

    private func plan(_ rows: [UploadRow], _ context: RequestContext) async throws -> Plan {
        let account = try users.account(context.user)
        var plan = Plan()
        for (asset, rows) in Dictionary(grouping: rows, by: \.asset) {
            guard let sight = await look(for: asset, account) else {
                plan.unavailable += rows.map(\.id)
                continue
            }
            for row in rows {
                let file = try await file(of: row, context.user)
                if let known = sight.duplicate(of: UploadKey(row, file: file)) {
                    plan.completed.append((row.id, known))
                } else if row.source == .file, file == nil {
                    plan.fileless.append(row.id)
                } else {
                    plan.requeued.append(row.id)
                }
            }
        }
        return plan
    }

    /// Nil when TorBox cannot be reached.
    private func look(for asset: AssetType, _ account: TorBoxAccount) async -> UploadSight? {
        do {
            return UploadSight(snapshot: try await client.snapshot(of: [asset], for: account, within: Self.lookBudget))
        } catch {
            // An answer that is no plain list proves no duplicate, and the processor looks again before it sends.
            return [.incomplete, .malformed, .refused, .planRestricted].contains(error.code)
                ? UploadSight(snapshot: nil) : nil
        }
    }

    private func file(of row: UploadRow, _ user: UserID) async throws -> [UInt8]? {
        guard row.source == .file, !row.isFileDeleted else { return nil }
        guard let path = row.filePath.flatMap({ queue.files.path($0, of: user) }) else { return nil }
        return try await queue.files.read(path)
    }

    private func apply(_ plan: Plan, _ context: RequestContext) async throws {
        let now = users.now()
        if !plan.requeued.isEmpty { try await queue.accounting.expect(context.user) }
        try await users.write(context.user) { db in
            for (id, result) in plan.completed { try UploadRepository.complete(db, id, result, at: now) }
            try UploadRepository.requeue(db, plan.requeued.sorted(), at: now)
        }
        try await queue.changed(context.user)
    }
}
