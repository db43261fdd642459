import DomainModel
import Observability
import Registry
import Storage
import UserStore
import WireProtocol

/// Finds what does not fit together, and mends what can be mended without guessing.
struct AdminDiagnosticHandlers: Sendable {
    let users: UserAccess
    let ownership: SlotOwnership
    let places: FilePlaces

    /// Rows of each kind that a worker lists; the counts are complete.
    static let listed = 1_000

    private struct DamagedFile: Sendable {
        var entry: CatalogueEntry
        var error: String
    }

    /// This worker's share. `integrityLimit` files are read whole, those of the lowest ids.
    @concurrent func share(_ request: Request) async throws -> Response {
        let (entries, stray) = try await ownRows()
        let databases = places.databases
        let names = try await Blocking.run { try PrivateFiles.names(in: databases) }
        let slots = ownership.slots
        // A file that names nobody is reported by the owner of the first slot.
        let diagnosis = Diagnosis(
            entries: entries, names: names.filter { $0 != "backups" },
            isMine: { slots.contains($0?.slot ?? Slot(0)) })
        let limit = request.number("integrityLimit", default: 50, in: 0...1_000)
        let (damaged, checked) = try await check(entries, limit: limit)
        return Reply.document { json in
            json.member(
                "statistics",
                object: { write(diagnosis, users: entries.count, damaged: damaged.count, checked: checked, to: &$0) })
            json.member(
                "counts",
                object: {
                    $0.member("orphanedApiKeys", stray.count)
                    $0.member("orphanedUsers", diagnosis.withoutKey.count)
                    $0.member("duplicateAuthIds", 0)
                    $0.member("duplicateDbPaths", diagnosis.duplicatePaths.count)
                    $0.member("missingFiles", diagnosis.missingFiles.count)
                    $0.member("statusMismatches", diagnosis.mismatches.count)
                    $0.member("databaseIntegrityFailures", damaged.count)
                    $0.member("orphanedFiles", diagnosis.strayFiles.count)
                })
            json.member("issues", object: { writeIssues(diagnosis, stray, damaged, to: &$0) })
            json.member("activeUsersBreakdown", object: { Self.write(diagnosis.breakdown, to: &$0) })
        }
    }

    /// Account and key of a user must agree: the account follows the key.
    @concurrent func repairStatus() async throws -> Response {
        let (entries, _) = try await ownRows()
        var repaired: [UserID] = []
        for entry in entries {
            guard let isKeyActive = entry.isKeyActive, isKeyActive != entry.isActive else { continue }
            let status: RegisteredUser.Status = isKeyActive ? .active : .inactive
            try await users.registry.setStatus(entry.id, status, reason: "key is inactive", now: users.now())
            users.directory.update(entry.id) {
                $0.status = status
                $0.isKeyActive = isKeyActive
            }
            if isKeyActive, entry.hasActiveRules { await users.scheduler.pollNow(entry.id) }
            repaired.append(entry.id)
        }
        return Reply.document {
            $0.member("repaired", repaired.count)
            $0.member("authIds", array: { list in repaired.forEach { list.value($0.hex) } })
        }
    }

    private func ownRows() async throws -> (entries: [CatalogueEntry], stray: [StrayKey]) {
        var (entries, stray): ([CatalogueEntry], [StrayKey]) = ([], [])
        for range in SlotKeeper.ranges(of: ownership.slots) {
            entries += try await users.registry.entries(in: range)
            stray += try await users.registry.strayKeys(in: range)
        }
        return (entries, stray)
    }

    private func check(_ entries: [CatalogueEntry], limit: Int) async throws -> ([DamagedFile], checked: Int) {
        var damaged: [DamagedFile] = []
        let present = entries.filter { users.pool.fileExists(for: $0.id) }.prefix(limit)
        for entry in present {
            do {
                let problems = try await users.pool.withDatabase(of: entry.id) { try await $0.integrityProblems() }
                if let first = problems.first { damaged.append(DamagedFile(entry: entry, error: first)) }
            } catch let error as StorageError {
                damaged.append(DamagedFile(entry: entry, error: error.message))
            }
        }
        return (damaged, present.count)
    }

    // MARK: Writing

    private func write(_ diagnosis: Diagnosis, users count: Int, damaged: Int, checked: Int, to json: inout JSONWriter)
    {
        let breakdown = diagnosis.breakdown
        json.member(
            "apiKeys",
            object: {
                $0.member("total", breakdown.keys)
                $0.member("active", breakdown.activeKeys)
            })
        json.member(
            "userRegistry",
            object: {
                $0.member("total", count)
                $0.member("active", breakdown.activeUsers)
            })
        json.member(
            "databaseFiles",
            object: {
                $0.member("total", count)
                $0.member("existing", diagnosis.existingFiles)
                $0.member("missing", diagnosis.missingFiles.count)
            })
        json.member(
            "integrityChecks",
            object: {
                $0.member("checked", checked)
                $0.member("total", diagnosis.existingFiles)
                $0.member("failed", damaged)
            })
    }

    private func writeIssues(
        _ diagnosis: Diagnosis, _ stray: [StrayKey], _ damaged: [DamagedFile], to json: inout JSONWriter
    ) {
        json.member(
            "orphanedApiKeys", array: { list in stray.prefix(Self.listed).forEach { Self.write($0, to: &list) } })
        Self.write(diagnosis.withoutKey, as: "orphanedUsers", to: &json)
        // The registry's primary key keeps them out.
        json.member("duplicateAuthIds", array: { _ in })
        json.member(
            "duplicateDbPaths",
            array: { list in
                for (path, count) in diagnosis.duplicatePaths.prefix(Self.listed) {
                    list.object {
                        $0.member("db_path", path)
                        $0.member("count", count)
                    }
                }
            })
        Self.write(diagnosis.missingFiles, as: "missingFiles", to: &json)
        Self.write(diagnosis.mismatches, as: "statusMismatches", to: &json)
        json.member(
            "databaseIntegrityFailures",
            array: { list in
                for file in damaged {
                    list.object {
                        $0.member("auth_id", file.entry.id.hex)
                        $0.member("db_path", places.database(of: file.entry.id))
                        $0.member("error", file.error)
                    }
                }
            })
        let kinds: [(String, Diagnosis.StrayFile.Kind?)] = [
            ("orphanedFiles", nil), ("orphanedSqliteFiles", .database), ("orphanedWalFiles", .writeAheadLog),
            ("orphanedShmFiles", .sharedMemory),
        ]
        for (name, kind) in kinds {
            let files = diagnosis.strayFiles.filter { kind == nil || $0.kind == kind }.prefix(Self.listed)
            json.member(name, array: { list in files.forEach { write($0, to: &list) } })
        }
    }

    private func write(_ file: Diagnosis.StrayFile, to json: inout JSONWriter) {
        let path = "\(places.databases)/\(file.name)"
        json.object {
            $0.member("filename", file.name)
            $0.member("path", path)
            $0.member("size", PrivateFiles.size(of: path) ?? 0)
            $0.member("modified", PrivateFiles.modified(path)?.iso8601)
        }
    }

    private static func write(_ entries: [CatalogueEntry], as name: String, to json: inout JSONWriter) {
        json.member(
            name,
            array: { list in
                for entry in entries.prefix(listed) {
                    list.object {
                        $0.member("auth_id", entry.id.hex)
                        $0.member("key_name", entry.keyName)
                        $0.member("db_path", entry.databasePath)
                        $0.member("status", entry.status)
                        $0.member("registry_status", entry.status)
                        $0.member("api_key_active", entry.isKeyActive ?? false)
                        $0.member("created_at", entry.createdAt?.sqliteText)
                    }
                }
            })
    }

    private static func write(_ key: StrayKey, to json: inout JSONWriter) {
        json.object {
            $0.member("auth_id", key.id)
            $0.member("key_name", key.name)
            $0.member("is_active", key.isActive)
            $0.member("created_at", key.createdAt?.sqliteText)
        }
    }

    private static func write(_ breakdown: Diagnosis.Breakdown, to json: inout JSONWriter) {
        json.member("total", breakdown.bothActive + breakdown.registryOnly + breakdown.keyOnly)
        json.member("both_active", breakdown.bothActive)
        json.member("registry_active_only", breakdown.registryOnly)
        json.member("api_key_active_only", breakdown.keyOnly)
    }
}
