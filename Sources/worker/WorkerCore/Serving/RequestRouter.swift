import DomainModel
import Logging
import Observability
import Registry
import Storage
import WireProtocol

/// From operation to handler, through the checks that all share: slot, registry gate, errors into answers.
struct RequestRouter: Sendable {
    let users: UserAccess
    let ownership: SlotOwnership
    let userGuard: UserGuard
    let epoch: EpochCell
    let rules: RuleHandlers
    let runs: RuleRunHandlers
    let archive: ArchiveHandlers
    let tags: TagHandlers
    let parked: ParkedHandlers
    let uploads: UploadHandlers
    let views: ViewHandlers
    let links: LinkHistoryHandlers
    let protection: ProtectionHandlers
    let activity: ActivityHandlers
    let events: EventHandlers
    let registration: RegistrationHandlers
    let worker: WorkerHandlers
    let health: HealthHandlers
    let admin: AdminHandlers
    let metrics: WorkerMetrics
    let answers: AnswerCache
    let logger: Logger

    @concurrent func answer(_ request: Request) async -> Response {
        do {
            guard let user = request.user else { return try await answerForWorker(request) }
            guard ownership.owns(user.slot) else {
                return moved
            }
            let context = RequestContext(request: request, user: user, logger: logger)
            // Administrators look after those who are not let in themselves.
            if let answer = try await admin.answer(context, leaving: userGuard.trail) { return answer }
            return try await userGuard.serve(request.operation, of: user) { try await answer(context) }
        } catch {
            // The slot left while we were at it, and its users and files with it: the new owner has the answer.
            if let user = request.user, !ownership.owns(user.slot) { return moved }
            return Self.response(to: error, request, logger(of: request))
        }
    }

    private func logger(of request: Request) -> Logger {
        if let user = request.user { return RequestContext(request: request, user: user, logger: logger).logger }
        var logger = logger
        logger[metadataKey: LogKey.requestID] = "\(request.correlationID)"
        return logger
    }

    private func answer(_ context: RequestContext) async throws -> Response {
        switch context.request.operation {
        case Operation.registerKey: return try await registration.register(context)
        case Operation.ensureUser: return try await registration.ensure(context)
        default: try await users.admit(context.user, movedFrom: context.movedFrom)
        }
        return try await answers.answer(context) { try await answerForUser(context) }
    }

    private func answerForUser(_ context: RequestContext) async throws -> Response {
        switch context.request.operation {
        case Operation.listRules: try await rules.list(context)
        case Operation.getRule: try await rules.get(context)
        case Operation.replaceRules: try await rules.replace(context)
        case Operation.setRuleEnabled: try await rules.setEnabled(context)
        case Operation.deleteRule: try await rules.delete(context)
        case Operation.listRuleLogs: try await rules.logs(context)
        case Operation.runRule: try await runs.run(context)
        case Operation.clearRuleLogs: try await rules.clearLogs(context)
        case Operation.listParked: try await parked.list(context)
        case Operation.approveParked: try await parked.approve(context)
        case Operation.rejectParked: try await parked.reject(context)
        case Operation.listArchived: try await archive.list(context)
        case Operation.getArchived: try await archive.get(context)
        case Operation.addArchived: try await archive.add(context)
        case Operation.deleteArchived: try await archive.delete(context)
        case Operation.addArchivedBulk: try await archive.addBulk(context)
        case Operation.deleteArchivedBulk: try await archive.deleteBulk(context)
        case Operation.listTags: try await tags.list(context)
        case Operation.getTag: try await tags.get(context)
        case Operation.createTag: try await tags.create(context)
        case Operation.renameTag: try await tags.rename(context)
        case Operation.deleteTag: try await tags.delete(context)
        case Operation.listDownloadTags: try await tags.mappings(context)
        case Operation.changeDownloadTags: try await tags.change(context)
        case Operation.listViews: try await views.list(context)
        case Operation.getView: try await views.get(context)
        case Operation.createView: try await views.create(context)
        case Operation.updateView: try await views.update(context)
        case Operation.reorderViews: try await views.reorder(context)
        case Operation.deleteView: try await views.delete(context)
        case Operation.listLinks: try await links.list(context)
        case Operation.addLink: try await links.add(context)
        case Operation.addLinks: try await links.addBulk(context)
        case Operation.deleteLink: try await links.delete(context)
        case Operation.deleteLinks: try await links.deleteBulk(context)
        case Operation.touch: try await activity.touch(context)
        case Operation.listen: try await events.listen(context)
        case Operation.listProtected: try await protection.list(context)
        case Operation.setProtected: try await protection.set(context)
        case Operation.assertUnprotected: try await protection.assert(context)
        default: try await answerUpload(context)
        }
    }

    private func answerUpload(_ context: RequestContext) async throws -> Response {
        switch context.request.operation {
        case Operation.stageUploadFile: try await uploads.stageFile(context)
        case Operation.deleteUploadFile: try await uploads.deleteFile(context)
        case Operation.createUpload: try await uploads.create(context)
        case Operation.createUploads: try await uploads.createBatch(context)
        case Operation.listUploads: try await uploads.list(context)
        case Operation.getUpload: try await uploads.get(context)
        case Operation.downloadUpload: try await uploads.download(context)
        case Operation.retryUpload: try await uploads.retry(context)
        case Operation.retryUploads: try await uploads.retryBulk(context)
        case Operation.moveUpload: try await uploads.move(context)
        case Operation.deleteUpload: try await uploads.delete(context)
        case Operation.deleteUploads: try await uploads.deleteBulk(context)
        default: Reply.failure(404, "Endpoint not found")
        }
    }

    private var moved: Response {
        Response(status: 503, code: Response.movedCode, retryAfterSeconds: 1, epoch: epoch.value)
    }

    private func answerForWorker(_ request: Request) async throws -> Response {
        if let answer = try await admin.answer(request) { return answer }
        return switch request.operation {
        case Operation.probe: try await worker.probe()
        case Operation.countUsers: try await worker.countUsers()
        case Operation.workerStatus: try await worker.status()
        case Operation.health: try await health.detail()
        case Operation.metrics: try await metrics.answer()
        default: Reply.failure(404, "Endpoint not found")
        }
    }

    // MARK: Errors

    /// What a client may know of an error: never a path, an SQL text or a secret. The log has the rest.
    static func response(to error: any Error, _ request: Request, _ logger: Logger) -> Response {
        switch error {
        case let moved as MovedUser:
            return Response(
                status: 503, code: Response.movedCode, retryAfterSeconds: 1, movedTo: moved.owner)
        case let refusal as Refusal: return refusal.response
        case is CancellationError: return Reply.failure(503, "Request timed out", retryAfterSeconds: 1)
        case let error as StorageError:
            logger.error(
                "request failed in storage",
                metadata: [LogKey.operation: "\(request.operation)", LogKey.error: "\(error)"])
            return response(to: error)
        default:
            logger.error(
                "request failed", metadata: [LogKey.operation: "\(request.operation)", LogKey.error: "\(error)"])
            return Reply.failure(500, "Internal server error")
        }
    }

    private static func response(to error: StorageError) -> Response {
        switch error.code {
        case .notADatabase, .corrupt:
            Reply.failure(
                503, "User database is damaged",
                detail: "Its file is kept as it is; the operator can restore a backup.",
                code: error.code == .corrupt ? "SQLITE_CORRUPT" : "SQLITE_NOTADB")
        case .newerSchema, .changedMigration:
            Reply.failure(
                503, "User database is of another version", detail: "A newer version of the service has written it.",
                code: "SCHEMA_MISMATCH")
        case .diskFull: Reply.failure(503, "Storage is full", code: "SQLITE_FULL", retryAfterSeconds: 60)
        case .readOnly: Reply.failure(503, "Storage is read-only", code: "SQLITE_READONLY", retryAfterSeconds: 60)
        case .locked: Reply.failure(503, "Storage is busy", code: "SQLITE_BUSY", retryAfterSeconds: 1)
        case .cannotOpen:
            Reply.failure(503, "User database cannot be opened", code: "SQLITE_CANTOPEN", retryAfterSeconds: 60)
        case .inputOutput: Reply.failure(503, "Storage fails", code: "SQLITE_IOERR", retryAfterSeconds: 60)
        case .unreachable:
            Reply.failure(
                503, "Registry is unavailable",
                detail: "The database server is away; known users are served meanwhile.",
                code: "REGISTRY_UNAVAILABLE", retryAfterSeconds: 5)
        case .closed: Reply.failure(503, "Database not ready", retryAfterSeconds: 1)
        default: Reply.failure(500, "Internal server error")
        }
    }
}
