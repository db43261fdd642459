import DomainModel
import Registry
import UserStore

/// What administrators' answers are made of.
enum AdminForm {
    /// A user as the list shows one, without what only the owner knows.
    static func write(_ entry: CatalogueEntry, quota: RetentionLimits, to json: inout JSONWriter) {
        json.member("auth_id", entry.id.hex)
        json.member("db_path", entry.databasePath)
        json.member("status", entry.status)
        json.member("has_active_rules", entry.hasActiveRules ? 1 : 0)
        json.member("non_terminal_torrent_count", entry.unfinishedDownloads)
        json.member("next_poll_at", entry.nextDue?.sqliteText)
        json.member("created_at", entry.createdAt?.sqliteText)
        json.member("updated_at", entry.updatedAt?.sqliteText)
        json.member("last_seen_at", entry.lastSeen?.sqliteText)
        json.member("upload_tier", entry.uploadTier)
        json.member("upload_retained_file_count", entry.retainedFiles)
        json.member("upload_retained_storage_bytes", entry.retainedBytes)
        json.member("key_name", entry.keyName)
        json.member("api_key_active", entry.isKeyActive == true ? 1 : 0)
        json.member("upload_storage_formatted", SizeText.scaled(entry.retainedBytes))
        let isLimited = quota.isLimited(entry)
        json.member("upload_limit_storage_formatted", isLimited ? SizeText.scaled(quota.bytes) : nil)
        json.key("upload_limit_max_files")
        if isLimited { json.value(quota.files) } else { json.null() }
        json.member("over_quota", quota.isExceeded(by: entry))
    }

    /// What the owner knows of a user's file.
    static func write(_ facts: FileFacts, to json: inout JSONWriter) {
        json.key("db_size")
        if let bytes = facts.bytes { json.value(bytes) } else { json.null() }
        json.member("db_exists", facts.bytes != nil)
        json.member("db_size_formatted", facts.bytes.flatMap { SizeText.megabytes($0) })
        json.member("db_modified", facts.modifiedAt?.iso8601)
    }

    static func write(_ quota: RetentionLimits, of entry: CatalogueEntry, to json: inout JSONWriter) {
        json.member(
            "quota",
            object: {
                $0.member("tier", entry.uploadTier)
                $0.member("fileCount", entry.retainedFiles)
                $0.member("storageBytes", entry.retainedBytes)
                $0.member("limits", object: { write(quota, isLimited: quota.isLimited(entry), to: &$0) })
                $0.member("overQuota", quota.isExceeded(by: entry))
                $0.member("storageFormatted", SizeText.scaled(entry.retainedBytes))
                $0.member(
                    "limitStorageFormatted", quota.isLimited(entry) ? SizeText.scaled(quota.bytes) : nil)
            })
    }

    /// All null for those without limits.
    static func write(_ quota: RetentionLimits, isLimited: Bool, to json: inout JSONWriter) {
        json.member("maxStorageBytes", raw: isLimited ? "\(quota.bytes)" : nil)
        json.member("maxFiles", raw: isLimited ? "\(quota.files)" : nil)
        json.member("maxStorageMb", raw: isLimited ? "\(quota.bytes >> 20)" : nil)
    }
}

/// What a user of the limited tier may keep on disk.
struct RetentionLimits: Sendable, Equatable {
    var files: Int64
    var bytes: Int64

    static let tiers = ["limited", "unlimited"]

    func isLimited(_ entry: CatalogueEntry) -> Bool { entry.uploadTier != "unlimited" }

    func isExceeded(by entry: CatalogueEntry) -> Bool {
        isLimited(entry) && isExceeded(files: entry.retainedFiles, bytes: entry.retainedBytes)
    }

    func isExceeded(files count: Int64, bytes size: Int64) -> Bool { count > files || size > bytes }
}

/// What the file system says about a user's file.
struct FileFacts: Sendable, Equatable {
    var bytes: Int64?
    var modifiedAt: Timestamp?
}
