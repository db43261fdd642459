import DomainModel
import Logging
import Observability
import Registry
import ServiceSupport
import Sharding
import TorBoxClient
import UserStore

/// Everything that a serving worker is made of, wired together once.
struct WorkerParts: Sendable {
    let configuration: WorkerConfiguration
    let ownership: SlotOwnership
    let epoch: EpochCell
    let registry: any UserRegistry
    let pool: UserDatabasePool
    let client: TorBoxClient
    let users: UserAccess
    let scheduler: PollScheduler
    let uploadScheduler: PollScheduler
    let uploads: UploadQueue
    let uploadProcessor: UploadProcessor
    let poller: Poller
    let silence: SilenceWatch
    let userGuard: UserGuard
    let postMortem: PostMortem
    let sentinel: ContractSentinel
    let parking: ParkingWatch
    let breaker: DestructionBreaker
    let scheduleWriter: ScheduleWriter
    let events: EventHub
    let router: RequestRouter
    let stop: StopSignal

    /// - Parameters:
    ///   - now: the wall clock of everything but the client.
    ///   - client: nil makes one from the configuration.
    static func open(
        _ configuration: WorkerConfiguration, _ logger: Logger, now: @escaping @Sendable () -> Timestamp = { .now },
        client: TorBoxClient? = nil
    ) async throws -> WorkerParts {
        let crumbs = BreadcrumbDirectory(runtimeDirectory: configuration.runtimeDirectory)
        let trail = try breadcrumbTrail(crumbs, logger)
        let ownership = try SlotOwnership(dataDirectory: configuration.dataDirectory)
        let keys = try DataDirectory.keyRing(configuration, logger)
        let registry = try await DataDirectory.registry(configuration, logger)
        try await RegistryWait.whileAway(logger) { try await DataDirectory.tryKey(keys, on: registry) }
        let opener = UserDatabaseOpener(
            directory: configuration.userDatabaseDirectory, options: DataDirectory.options(configuration), now: now)
        let pool = UserDatabasePool(opener: opener, limit: configuration.openDatabases, logger: logger)
        let lane = PollLane.shared
        let client =
            client
            ?? TorBoxClient(configuration: clientConfiguration(configuration), on: lane.group, logger: logger)
        let scheduler = PollScheduler(concurrency: configuration.concurrentPolls, lane: lane, now: now)
        let writer = ScheduleWriter(
            registry: registry, unsettled: UnsettledUsers(dataDirectory: configuration.dataDirectory), logger: logger)
        let book = QuarantineBook(
            registry: registry, policy: quarantinePolicy(configuration), now: now, logger: logger)
        let files = DamagedFiles(book: book, pool: pool, now: now, logger: logger)
        let userGuard = UserGuard(book: book, files: files, trail: trail, lane: SuspectLane(), now: now)
        let (directory, events) = (UserDirectory(), EventHub())
        let inactivity = InactivityPolicy(days: configuration.inactiveUserDays)
        let users = UserAccess(
            directory: directory, registry: registry, schedule: writer, pool: pool, files: files, keys: keys,
            scheduler: scheduler,
            presence: PresenceBoard(users: directory, registry: registry, logger: logger), inactivity: inactivity,
            now: now)
        let stop = StopSignal()
        let statistics = PollStatistics()
        let (parking, breaker) = (ParkingWatch(), DestructionBreaker(now: now, logger: logger))
        let actions = ActionRunner(
            users: users, client: client, events: events, isStopping: { stop.isStopping || !ownership.owns($0.slot) },
            breaker: breaker,
            concurrency: configuration.ruleActionConcurrency, logger: logger)
        let sentinel = ContractSentinel(logger: logger)
        let silence = SilenceWatch(now: now, logger: logger)
        let journal = JournalWatch()
        let pipeline = PollPipeline(
            users: users, client: client, actions: actions, programs: ProgramCache(), sentinel: sentinel,
            parking: parking, breaker: breaker, journal: journal,
            schedule: RuleSchedule(intervalMultiplier: configuration.intervalMultiplier), stop: stop, logger: logger)
        let poller = Poller(
            pipeline: pipeline, userGuard: userGuard, users: users.directory, schedule: writer, statistics: statistics,
            silence: silence, inactivity: inactivity, policy: intervals(configuration), now: now, logger: logger)
        let uploadScheduler = PollScheduler(concurrency: configuration.uploadConcurrency, now: now)
        let uploads = uploadQueue(configuration, users, uploadScheduler, logger)
        let uploadProcessor = UploadProcessor(
            users: users, userGuard: userGuard, client: client, files: uploads.files, accounting: uploads.accounting,
            memory: uploads.memory, policy: uploads.policy, stop: stop,
            isStopping: { stop.isStopping || !ownership.owns($0.slot) }, logger: logger)
        let epoch = EpochCell()
        let router = RequestRouter(
            users: users, ownership: ownership, userGuard: userGuard, epoch: epoch, rules: RuleHandlers(users: users),
            runs: RuleRunHandlers(
                users: users, pipeline: pipeline, spacing: configuration.manualRunSpacing,
                limit: configuration.pollTimeout),
            archive: ArchiveHandlers(users: users), tags: TagHandlers(users: users, events: events),
            parked: ParkedHandlers(users: users, watch: parking),
            uploads: UploadHandlers(queue: uploads, client: client), views: ViewHandlers(users: users),
            links: LinkHistoryHandlers(users: users), protection: ProtectionHandlers(users: users, events: events),
            activity: ActivityHandlers(users: users), events: EventHandlers(hub: events, ownership: ownership),
            registration: RegistrationHandlers(users: users, client: client, uploads: uploads),
            worker: WorkerHandlers(
                users: users, client: client, statistics: statistics, silence: silence, quarantine: book,
                sentinel: sentinel, parking: parking, breaker: breaker, configuration: configuration),
            health: HealthHandlers(
                users: users, probe: TorBoxProbe(users: users, client: client),
                registryPath: configuration.masterDatabasePath),
            admin: AdminHandlers(
                users: users, ownership: ownership, quarantine: book, uploads: uploads, configuration: configuration,
                logger: logger),
            metrics: WorkerMetrics(
                users: users, client: client, silence: silence, sentinel: sentinel, parking: parking,
                journal: journal),
            answers: AnswerCache(clock: users.writeClock), logger: logger)
        return WorkerParts(
            configuration: configuration, ownership: ownership, epoch: epoch, registry: registry, pool: pool,
            client: client, users: users, scheduler: scheduler, uploadScheduler: uploadScheduler, uploads: uploads,
            uploadProcessor: uploadProcessor, poller: poller, silence: silence,
            userGuard: userGuard, postMortem: PostMortem(directory: crumbs, book: book, logger: logger),
            sentinel: sentinel, parking: parking, breaker: breaker, scheduleWriter: writer, events: events,
            router: router, stop: stop)
    }

    /// Without a file for it the worker works all the same.
    private static func breadcrumbTrail(_ crumbs: BreadcrumbDirectory, _ logger: Logger) throws -> BreadcrumbTrail {
        do {
            return try BreadcrumbTrail(directory: crumbs)
        } catch {
            logger.warning("cannot leave breadcrumbs", metadata: [LogKey.error: "\(error)"])
            return try BreadcrumbTrail(directory: nil)
        }
    }

    private static func quarantinePolicy(_ configuration: WorkerConfiguration) -> QuarantinePolicy {
        var policy = QuarantinePolicy()
        policy.pauses.base = configuration.firstQuarantine
        return policy
    }

    private static func intervals(_ configuration: WorkerConfiguration) -> PollIntervalPolicy {
        var policy = PollIntervalPolicy()
        policy.backoff.cap = configuration.longestPollRetry
        return policy
    }

    /// Ends all access to files and network. Nothing of this worker may be used afterwards.
    /// Goes on after a step that fails, and throws the first failure.
    func close() async throws {
        await scheduleWriter.flush()
        await users.presence.flush(at: users.now())
        let (pool, registry, client) = (pool, registry, client)
        let steps: [() async throws -> Void] = [
            { try await pool.closeAll() }, { try await registry.close() }, { try await client.shutdown() },
        ]
        var failure: (any Error)?
        for step in steps {
            do { try await step() } catch { failure = failure ?? error }
        }
        try ownership.release(Slot.all)
        userGuard.trail.erase()
        if let failure { throw failure }
    }

    private static func uploadQueue(
        _ configuration: WorkerConfiguration, _ users: UserAccess, _ scheduler: PollScheduler, _ logger: Logger
    ) -> UploadQueue {
        let files = UploadFiles(root: configuration.uploadDirectory, maximumBytes: configuration.maximumUploadBytes)
        let quota = UploadQuota(files: configuration.uploadFiles, bytes: Int64(configuration.uploadMebibytes) << 20)
        var policy = UploadPolicy()
        policy.softDefer = configuration.uploadSoftDefer
        policy.pause = configuration.uploadPause
        policy.strikesBeforePause = configuration.uploadStrikes
        policy.externalLimitWait = configuration.uploadExternalLimitWait
        policy.createTimeout = configuration.createTimeout
        policy.workPerDrain = configuration.uploadWorkPerDrain
        return UploadQueue(
            users: users, files: files,
            staging: UploadStaging(users: users, files: files, quota: quota, logger: logger),
            accounting: UploadAccounting(users: users), memory: UploadMemory(), policy: policy, scheduler: scheduler)
    }

    static func clientConfiguration(_ configuration: WorkerConfiguration) -> TorBoxClientConfiguration {
        var client = TorBoxClientConfiguration(
            baseURL: configuration.torBoxBase, version: configuration.userAgentVersion)
        client.apiVersion = configuration.torBoxVersion
        client.fetchTimeout = configuration.fetchTimeout
        client.actionTimeout = configuration.actionTimeout
        client.createTimeout = configuration.createTimeout
        client.snapshotBudget = min(client.snapshotBudget, configuration.pollTimeout)
        client.fetchConcurrency = configuration.fetchConcurrency
        client.actionConcurrency = configuration.actionConcurrency
        client.outage.minimumPause = configuration.outageMinimumPause
        client.outage.probeInterval = configuration.outageProbeInterval
        return client
    }
}
