import DomainModel
import Registry
import ServiceSupport
import Storage
import WireProtocol

/// Figures about this worker's users and process, for the gateway to add up.
struct AdminFigureHandlers: Sendable {
    let users: UserAccess
    let ownership: SlotOwnership
    let places: FilePlaces
    let configuration: WorkerConfiguration

    @concurrent func metrics() async throws -> Response {
        let records = users.directory.all
        let facts = try await places.facts(of: records.map(\.id))
        let process = ProcessFacts.current()
        return Reply.document { json in
            json.member(
                "users",
                object: {
                    $0.member("total", records.count)
                    $0.member("active", records.count(where: \.isActive))
                    $0.member("inactive", records.count(where: { !$0.isActive }))
                    $0.member("with_active_rules", records.count(where: \.hasActiveRules))
                })
            json.member(
                "databases",
                object: {
                    $0.member("total_user_size", facts.values.reduce(0) { $0 + ($1.bytes ?? 0) })
                    $0.member("user_db_count", facts.values.count(where: { $0.bytes != nil }))
                })
            json.member(
                "memory",
                object: {
                    $0.member("rss", process.residentBytes)
                    $0.member("heapTotal", process.dataBytes)
                    $0.member("heapUsed", process.anonymousBytes)
                    $0.member("external", 0)
                    $0.member("arrayBuffers", 0)
                })
            json.member(
                "cpuUsage",
                object: {
                    $0.member("user", process.userMicroseconds)
                    $0.member("system", process.systemMicroseconds)
                })
            json.member("processes", 1)
        }
    }

    @concurrent func activity() async throws -> Response {
        var entries: [CatalogueEntry] = []
        for range in SlotKeeper.ranges(of: ownership.slots) { entries += try await users.registry.entries(in: range) }
        for index in entries.indices {
            // Who is present is written to the registry now and then; here it is known at once.
            guard let seen = users.presence.lastSeen(of: entries[index].id),
                seen > entries[index].lastSeen ?? .distantPast
            else { continue }
            entries[index].previousLastSeen = entries[index].lastSeen ?? entries[index].previousLastSeen
            entries[index].lastSeen = seen
        }
        let counts = ActivityCounts(entries, now: users.now())
        return Reply.document { json in
            for name in ActivityCounts.names { json.member(name, counts.values[name] ?? 0) }
            json.member(
                "distribution",
                object: {
                    for name in ActivityCounts.buckets { $0.member(name, counts.distribution[name] ?? 0) }
                })
        }
    }

    @concurrent func registry() async throws -> Response {
        let figures = try await users.registry.figures()
        return Reply.document { json in
            json.member("path", configuration.masterDatabasePath)
            json.member("size", figures.bytes)
            json.member("size_formatted", SizeText.megabytes(figures.bytes))
            json.member(
                "table_counts",
                object: {
                    for (name, count) in figures.tableCounts.sorted(by: { $0.key < $1.key }) { $0.member(name, count) }
                })
        }
    }

    /// What is set, without secrets. Read-only: settings come from the environment.
    @concurrent func settings() async throws -> Response {
        let configuration = configuration
        return Reply.document { json in
            json.member("polling", object: { Self.writePolling(configuration, to: &$0) })
            json.member(
                "database",
                object: {
                    $0.member("max_db_connections", configuration.openDatabases * configuration.workerCount)
                    $0.member("sqlite_cache_size_kb", -configuration.pageCacheKiB)
                    $0.member("db_pool_idle_timeout_ms", raw: nil)
                    $0.member("master_db_path", configuration.masterDatabasePath)
                    $0.member("user_db_dir", configuration.userDatabaseDirectory)
                    $0.member("sync_every_commit", configuration.survivesPowerCut)
                })
            json.member(
                "upload_quotas",
                object: {
                    $0.member("max_storage_mb", configuration.uploadMebibytes)
                    $0.member("max_files", configuration.uploadFiles)
                })
            json.member(
                "upload_processor",
                object: {
                    $0.member("process_concurrency", configuration.uploadConcurrency)
                    $0.member("max_work_per_drain", configuration.uploadWorkPerDrain)
                    $0.member("create_upload_timeout_ms", configuration.createTimeout.wholeMilliseconds)
                    $0.member(
                        "external_rate_limit_retry_ms", configuration.uploadExternalLimitWait.wholeMilliseconds)
                    // A drain takes what there is; there are no batches.
                    $0.member("batch_fetch_size", raw: nil)
                    $0.member("rate_limit_source", "torbox_headers")
                })
            json.member("workers", configuration.workerCount)
            json.member("node_env", configuration.mode.rawValue)
        }
    }

    private static func writePolling(_ configuration: WorkerConfiguration, to json: inout JSONWriter) {
        json.member("max_concurrent_polls", configuration.concurrentPolls)
        json.member("max_concurrent_process", configuration.ruleActionConcurrency)
        // There is no such bound here: whoever is due waits in memory for a free place.
        json.member("max_users_due_for_polling", raw: nil)
        json.member("poll_kickout_ms", configuration.pollTimeout.wholeMilliseconds)
        json.member("poller_cleanup_interval_hours", raw: nil)
        json.member("automation_rules_mylist_full_pagination", true)
        json.member("torbox_fetch_timeout_ms", configuration.fetchTimeout.wholeMilliseconds)
        json.member("torbox_action_timeout_ms", configuration.actionTimeout.wholeMilliseconds)
        json.member("torbox_fetch_concurrency", configuration.fetchConcurrency)
        json.member("torbox_action_concurrency", configuration.actionConcurrency)
    }
}

extension Timestamp {
    fileprivate static let distantPast = Timestamp(milliseconds: .min)
}
