import DomainModel
import Logging
import Observability
import Registry
import WireProtocol

/// What users keep on disk of their uploads, and how much they may.
struct AdminQuotaHandlers: Sendable {
    let users: UserAccess
    let ownership: SlotOwnership
    let limits: RetentionLimits
    let enforcement: QuotaEnforcement

    @concurrent func get(_ context: RequestContext) async throws -> Response {
        let entry = try await entry(of: context.user)
        return Reply.success { AdminForm.write(limits, of: entry, to: &$0) }
    }

    @concurrent func setTier(_ context: RequestContext) async throws -> Response {
        guard let tier = try context.jsonObject()["tier"]?.stringValue, RetentionLimits.tiers.contains(tier) else {
            throw Refusal(400, "Invalid tier", detail: "Give \"limited\" or \"unlimited\".")
        }
        guard try await users.registry.setUploadTier(context.user, tier, now: users.now()) else {
            throw Refusal(404, "User not found")
        }
        users.directory.update(context.user) { $0.uploads.tier = tier == "unlimited" ? .unlimited : .limited }
        context.logger.notice("upload tier set by an administrator", metadata: [LogKey.value: "\(tier)"])
        let entry = try await entry(of: context.user)
        return Reply.success {
            $0.member("message", "Upload tier set to \(tier)")
            AdminForm.write(limits, of: entry, to: &$0)
        }
    }

    /// This worker's share of the summary.
    @concurrent func summary() async throws -> Response {
        let entries = try await ownEntries()
        let limited = entries.filter { limits.isLimited($0) }
        return Reply.document { json in
            json.member("limits", object: { AdminForm.write(limits, isLimited: true, to: &$0) })
            json.member("total_users", entries.count)
            json.member("limited_users", limited.count)
            json.member("unlimited_users", entries.count - limited.count)
            json.member("over_quota_users", limited.count(where: { limits.isExceeded(by: $0) }))
            json.member("retained_files", entries.reduce(0) { $0 + $1.retainedFiles })
            json.member("retained_bytes", entries.reduce(0) { $0 + $1.retainedBytes })
            json.member("limit_storage_formatted", SizeText.scaled(limits.bytes))
        }
    }

    /// Brings every user of ours back within the quota as far as that goes; this worker's share of the result.
    @concurrent func enforce() async throws -> Response {
        var (scanned, over, evictions, evicted, still, errors) = (0, 0, 0, 0, 0, 0)
        for record in users.directory.all.sorted(by: { $0.id < $1.id }) {
            scanned += 1
            do {
                guard let outcome = try await enforcement.enforce(record.id) else { continue }
                over += 1
                evictions += outcome.evicted > 0 ? 1 : 0
                evicted += outcome.evicted
                still += outcome.isStillOver ? 1 : 0
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                // One user's trouble must not keep the others over their quota.
                enforcement.logger.warning(
                    "quota not enforced",
                    metadata: [LogKey.userID: "\(record.id.short)", LogKey.error: "\(error)"])
                errors += 1
            }
        }
        return Reply.document { json in
            json.member("users_scanned", scanned)
            json.member("users_over_quota", over)
            json.member("users_with_evictions", evictions)
            json.member("total_evicted", evicted)
            json.member("still_over_quota", still)
            json.member("errors", errors)
        }
    }

    private func entry(of user: UserID) async throws -> CatalogueEntry {
        guard let entry = try await users.registry.entry(of: user) else { throw Refusal(404, "User not found") }
        return entry
    }

    private func ownEntries() async throws -> [CatalogueEntry] {
        var entries: [CatalogueEntry] = []
        for range in SlotKeeper.ranges(of: ownership.slots) { entries += try await users.registry.entries(in: range) }
        return entries
    }
}
