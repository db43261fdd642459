import DomainModel
import Logging
import NIOCore
import Registry
import WireProtocol

/// Everything that administrators may ask, by topic. The gateway lets nobody else ask.
struct AdminHandlers: Sendable {
    let accounts: AdminAccountHandlers
    let lists: AdminListHandlers
    let databases: AdminDatabaseHandlers
    let quotas: AdminQuotaHandlers
    let automation: AdminAutomationHandlers
    let figures: AdminFigureHandlers
    let diagnostics: AdminDiagnosticHandlers

    init(
        users: UserAccess, ownership: SlotOwnership, quarantine: QuarantineBook, uploads: UploadQueue,
        configuration: WorkerConfiguration, logger: Logger
    ) {
        let places = FilePlaces(configuration)
        let limits = RetentionLimits(
            files: Int64(configuration.uploadFiles), bytes: Int64(configuration.uploadMebibytes) << 20)
        let scan = UserFileScan(users: users, concurrency: configuration.administrationConcurrency)
        accounts = AdminAccountHandlers(
            users: users, quarantine: quarantine, uploads: uploads, places: places, limits: limits,
            pollLimit: configuration.pollTimeout)
        lists = AdminListHandlers(users: users, places: places, limits: limits)
        databases = AdminDatabaseHandlers(users: users, quarantine: quarantine, places: places)
        quotas = AdminQuotaHandlers(
            users: users, ownership: ownership, limits: limits,
            enforcement: QuotaEnforcement(
                users: users, files: uploads.files, accounting: uploads.accounting, limits: limits, logger: logger))
        automation = AdminAutomationHandlers(users: users, scan: scan)
        figures = AdminFigureHandlers(
            users: users, ownership: ownership, places: places, configuration: configuration)
        diagnostics = AdminDiagnosticHandlers(users: users, ownership: ownership, places: places)
    }

    /// About one user of ours; nil when the operation is none of these.
    ///
    /// Quarantined users are looked after too; should the process die over it, the trail tells whom it was about.
    @concurrent func answer(_ context: RequestContext, leaving trail: BreadcrumbTrail) async throws -> Response? {
        guard let handler = handler(of: context.request.operation) else { return nil }
        guard users.directory[context.user] != nil else { throw Refusal(404, "User not found") }
        return try await trail.during(context.request.operation, of: context.user) { try await handler(context) }
    }

    /// About the registry, or this worker's share of an answer; nil when the operation is none of these.
    @concurrent func answer(_ request: Request) async throws -> Response? {
        switch request.operation {
        case Operation.Admin.pageUsers: try await lists.page(request)
        case Operation.Admin.userFacts: try await lists.facts(request)
        case Operation.Admin.onlineUsers: try await lists.online()
        case Operation.Admin.describeRegistry: try await figures.registry()
        case Operation.Admin.getConfiguration: try await figures.settings()
        case Operation.Admin.metrics: try await figures.metrics()
        case Operation.Admin.activity: try await figures.activity()
        case Operation.Admin.automation: try await automation.share(request)
        case Operation.Admin.syncRuleFlags: try await automation.syncFlags()
        case Operation.Admin.diagnose: try await diagnostics.share(request)
        case Operation.Admin.repairStatus: try await diagnostics.repairStatus()
        case Operation.Admin.quotaSummary: try await quotas.summary()
        case Operation.Admin.enforceQuotas: try await quotas.enforce()
        case Operation.Admin.reactivateKeys: try await accounts.reactivate(request)
        default: nil
        }
    }

    private var users: UserAccess { accounts.users }

    private func handler(of operation: String) -> (@concurrent (RequestContext) async throws -> Response)? {
        switch operation {
        case Operation.Admin.getUser: accounts.get
        case Operation.Admin.revealKey: accounts.revealKey
        case Operation.Admin.pollUser: accounts.poll
        case Operation.Admin.setStatus: accounts.setStatus
        case Operation.Admin.deleteUser: accounts.delete
        case Operation.Admin.getQuota: quotas.get
        case Operation.Admin.setTier: quotas.setTier
        case Operation.Admin.describeDatabase: databases.describe
        case Operation.Admin.backUp: databases.backUp
        case Operation.Admin.listBackups: databases.listBackups
        case Operation.Admin.downloadBackup: databases.download
        case Operation.Admin.restoreBackup: databases.restore
        case Operation.Admin.vacuum: databases.vacuum
        case Operation.Admin.describeAutomation: automation.describe
        default: nil
        }
    }
}

extension Request {
    /// The body of a request that is about no user.
    func adminBody() throws -> [String: JSONValue] {
        guard body.readableBytes > 0 else { return [:] }
        guard let members = try? JSONValue(parsing: Array(body.readableBytesView)), let object = members.objectValue
        else { throw Refusal(400, "Malformed JSON", detail: "The request body must be a JSON object.") }
        return object
    }

    func number(_ name: String, default fallback: Int, in range: ClosedRange<Int>) -> Int {
        guard let text = parameters[name], let number = Int(text) else { return fallback }
        return min(max(number, range.lowerBound), range.upperBound)
    }
}
