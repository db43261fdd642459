import DomainModel
import Foundation
import Logging
import NIOCore
import Observability
import Registry
import Storage
import UserStore

/// Takes files in. One after the other in each worker: a file is three times its size while it is decoded, and how
/// many clients send at once must not decide how much memory that takes.
actor UploadStaging {
    let users: UserAccess
    let files: UploadFiles
    let quota: UploadQuota
    let logger: Logger

    /// Staged files that no upload names are litter after this.
    static let orphanSeconds: Int64 = 86_400

    private var isBusy = false
    private var waiters: [CheckedContinuation<Void, Never>] = []

    init(users: UserAccess, files: UploadFiles, quota: UploadQuota, logger: Logger) {
        self.users = users
        self.files = files
        self.quota = quota
        self.logger = logger
    }

    /// Stores the file that a request brings and returns its place.
    func stage(_ context: RequestContext) async throws -> UploadPath {
        await enter()
        defer { leave() }
        let (asset, name, bytes) = try decode(context)
        var generator = SystemRandom()
        let path = UploadPath(
            user: context.user, asset: asset, name: name, at: users.now(), suffix: generator.next())
        try await makeRoom(for: Int64(bytes.count), of: context.user)
        try await files.write(bytes, to: path)
        return path
    }

    // MARK: One at a time

    /// Actors let others in at every wait, so the turn is kept by hand.
    private func enter() async {
        if isBusy {
            // Whoever leaves hands its turn over.
            await withCheckedContinuation { waiters.append($0) }
        } else {
            isBusy = true
        }
    }

    private func leave() {
        if waiters.isEmpty { isBusy = false } else { waiters.removeFirst().resume() }
    }

    // MARK: Decoding

    private func decode(_ context: RequestContext) throws -> (AssetType, String, [UInt8]) {
        let body = try context.jsonObject()
        guard let text = body["file_data"]?.stringValue, !text.isEmpty else {
            throw Refusal(400, "file_data is required")
        }
        guard let name = body["filename"]?.stringValue, !name.trimmed.isEmpty else {
            throw Refusal(400, "filename is required")
        }
        let asset = try UploadForm.asset(body["type"])
        guard asset != .webdl else { throw Refusal(400, "Web downloads cannot be files; give a link") }
        guard UploadPath.fits(name, asset) else {
            let wanted = UploadPath.fileExtension(asset)
            throw Refusal(400, "Invalid file extension", detail: "A \(asset.rawValue) file must end in \(wanted).")
        }
        guard text.utf8.count / 4 * 3 <= files.maximumBytes + 3 else { throw tooLarge }
        guard let data = Data(base64Encoded: text) else {
            throw Refusal(400, "Invalid file_data", detail: "file_data must be base64.")
        }
        guard data.count <= files.maximumBytes else { throw tooLarge }
        let bytes = [UInt8](data)
        try Self.check(bytes, asset)
        return (asset, name, bytes)
    }

    /// TorBox would refuse these; saying so at once saves the user an hour.
    private static func check(_ bytes: [UInt8], _ asset: AssetType) throws {
        switch asset {
        case .torrent where TorrentFile(bytes) == nil:
            throw Refusal(400, "Invalid torrent file", detail: "The file is no bencoded torrent.")
        case .usenet where !containsNZB(bytes):
            throw Refusal(400, "Invalid NZB file", detail: "The file holds no <nzb> document.")
        default: return
        }
    }

    private static func containsNZB(_ bytes: [UInt8]) -> Bool {
        let mark = Array("<nzb".utf8)
        return bytes.indices.contains { start in
            bytes[start] == mark[0]
                && bytes[start...].prefix(mark.count).map { $0 | ($0 == mark[0] ? 0 : 0x20) } == mark
        }
    }

    private var tooLarge: Refusal {
        Refusal(400, "File too large", detail: "A file may have \(files.maximumBytes) bytes.")
    }

    // MARK: Room

    /// An administrator may have changed it; while the registry is away, what was known counts.
    private func tier(of user: UserID) async throws -> UploadBacklog.Tier {
        do {
            return try await users.registry.user(user)?.uploads.tier ?? .limited
        } catch let error as StorageError where error.code == .unreachable {
            return users.directory[user]?.uploads.tier ?? .limited
        }
    }

    private func makeRoom(for size: Int64, of user: UserID) async throws {
        let tier = try await tier(of: user)
        let stored = try await removeOrphans(try await files.list(of: user), of: user)
        let sizes = Dictionary(stored.map { ($0.path, $0.bytes) }) { first, _ in first }
        let (files, quota) = (files, quota)
        let evictable = try await users.read(user) { try UploadRepository.evictable($0, limit: quota.files) }
        let candidates = evictable.compactMap { row -> (row: UploadRow, candidate: UploadQuota.Candidate)? in
            guard let path = row.filePath.flatMap({ files.path($0, of: user) }), let bytes = sizes[path] else {
                return nil
            }
            return (row, UploadQuota.Candidate(path: path, bytes: bytes))
        }
        let decision = quota.decide(
            adding: size, files: stored.count, bytes: stored.reduce(0) { $0 + $1.bytes },
            evictable: candidates.map(\.candidate), tier: tier)
        guard case .room(let evicted) = decision else {
            throw Refusal(
                413, "Upload storage limit reached",
                detail: "\(quota.files) files or \(quota.bytes >> 20) MiB may wait for TorBox; wait, or delete some.",
                code: "UPLOAD_QUOTA_EXCEEDED")
        }
        guard !evicted.isEmpty else { return }
        let paths = Set(evicted.map(\.path))
        let (ids, now) = (candidates.filter { paths.contains($0.candidate.path) }.map(\.row.id), users.now())
        try await files.remove(Array(paths))
        try await users.write(user) { try UploadRepository.markFileDeleted($0, ids, at: now) }
        logger.info(
            "old upload files removed to make room",
            metadata: [LogKey.userID: "\(user.short)", LogKey.count: "\(evicted.count)"])
    }

    private func removeOrphans(_ stored: [UploadFiles.Stored], of user: UserID) async throws -> [UploadFiles.Stored] {
        let horizon = users.now().advanced(bySeconds: -Self.orphanSeconds)
        let old = stored.filter { $0.modifiedAt < horizon }
        guard !old.isEmpty else { return stored }
        let paths = old.map(\.path.description)
        let known = try await users.read(user) { try UploadRepository.referenced($0, among: paths) }
        let orphans = old.map(\.path).filter { !known.contains($0.description) }
        try await files.remove(orphans)
        let gone = Set(orphans)
        return stored.filter { !gone.contains($0.path) }
    }
}
