import DomainModel
import UserStore

/// Uploads in the form of the REST contract, sections 3.0 and 3.2.
enum UploadJSON {
    /// - Parameter gate: why nothing of its kind is handed over; a queued row that says nothing itself says that.
    static func write(
        _ row: UploadRow, waitingFor gate: UploadGate? = nil, showsNextAttempt: Bool = true, to json: inout JSONWriter
    ) {
        let gate = row.status == .queued ? gate : nil
        json.object {
            $0.member("id", row.id)
            $0.member("type", row.asset.rawValue)
            $0.member("upload_type", row.source.rawValue)
            $0.member("file_path", row.filePath)
            $0.member("url", row.url)
            $0.member("name", row.name)
            $0.member("status", row.status.rawValue)
            $0.member("error_message", row.errorMessage ?? gate?.message)
            $0.member("retry_count", row.retryCount)
            $0.member("seed", raw: row.seed.map(String.init))
            $0.member("allow_zip", row.allowsZip ? 1 : 0)
            $0.member("as_queued", row.asQueued ? 1 : 0)
            $0.member("add_only_if_cached", row.onlyIfCached ? 1 : 0)
            $0.member("password", row.password)
            $0.member("queue_order", row.queueOrder)
            $0.member("torbox_hash", row.torboxHash)
            $0.member("torbox_torrent_id", raw: row.torboxID.map(String.init))
            $0.member("torbox_auth_id", row.torboxAuthID)
            $0.member("last_processed_at", row.lastProcessedAt?.sqliteText)
            $0.member("completed_at", row.completedAt?.sqliteText)
            $0.member("created_at", row.createdAt.sqliteText)
            $0.member("updated_at", row.updatedAt.sqliteText)
            if showsNextAttempt { $0.member("next_attempt_at", (row.nextAttemptAt ?? gate?.until)?.sqliteText) }
            if let wasCached = row.wasCached { $0.member("create_was_cached", wasCached) }
        }
    }

    /// The members of `uploadStatistics`.
    static func write(
        _ outlooks: [(AssetType, UploadOutlook)], _ policy: UploadPolicy, at now: Timestamp, to json: inout JSONWriter
    ) {
        json.member(
            "byType",
            object: { types in
                for (asset, outlook) in outlooks {
                    types.member(asset.rawValue, object: { write(outlook, policy, at: now, to: &$0) })
                }
            })
        json.member("retryAt", outlooks.compactMap(\.1.due).filter { $0 > now }.min()?.sqliteText)
    }

    private static func write(
        _ outlook: UploadOutlook, _ policy: UploadPolicy, at now: Timestamp, to json: inout JSONWriter
    ) {
        let allowance = outlook.allowance.flatMap { $0.resetAt.map { $0 > now } ?? true ? $0 : nil }
        json.member("limit", raw: allowance.map { "\($0.limit)" })
        json.member("remaining", raw: allowance.map { "\($0.remaining)" })
        json.member("used", raw: allowance.map { "\(max(0, $0.limit - $0.remaining))" })
        json.member("resetAt", allowance?.resetAt?.sqliteText)
        json.member("known", allowance != nil)
        let limit = outlook.uncachedLimit(policy)
        json.member(
            "window",
            object: {
                $0.member("uncachedUsed", outlook.budget.uncachedUsed)
                $0.member("uncachedLimit", limit)
                $0.member("uncachedResetAt", outlook.budget.uncachedReset(limit: limit)?.sqliteText)
            })
        let isPause = outlook.gate?.isPause ?? false
        let deferred = outlook.gate == nil || isPause ? outlook.deferred : outlook.queued
        json.member("deferredCount", deferred)
        json.member(
            "deferredUntil",
            deferred == 0
                ? nil : (isPause ? outlook.nextAttempt : outlook.gate?.until ?? outlook.nextAttempt)?.sqliteText)
        json.member("pausedCount", isPause ? outlook.queued : 0)
        json.member("pausedUntil", isPause ? outlook.gate?.until.sqliteText : nil)
        json.member("pauseReason", outlook.gate?.pauseReason)
    }
}

extension UploadGate {
    var isPause: Bool { reason == .connection || reason == .transient }

    fileprivate var pauseReason: String? {
        switch reason {
        case .connection: "connection"
        case .transient: "transient"
        case .rateLimit, .uncachedLimit: nil
        }
    }
}
