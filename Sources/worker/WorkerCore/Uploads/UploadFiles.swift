import DomainModel
import Foundation
import Storage

/// The staged files on disk: directories of mode 0700, files of mode 0600, each whole or not there at all.
struct UploadFiles: Sendable {
    /// `UPLOAD_STORAGE_DIR`.
    let root: String
    /// Bytes of one file at most.
    let maximumBytes: Int

    struct Stored: Sendable, Equatable {
        var path: UploadPath
        var bytes: Int64
        var modifiedAt: Timestamp
    }

    func path(_ text: String, of user: UserID) -> UploadPath? { UploadPath(text, of: user, root: root) }

    func write(_ bytes: [UInt8], to path: UploadPath) async throws {
        let (target, folder) = (absolute(path), folder(of: path))
        try await Blocking.run {
            try PrivateFiles.makeDirectory(folder)
            guard try PrivateFiles.write(bytes, toNew: target) else {
                throw StorageError(.other, "cannot store an upload: a file of that name exists already")
            }
        }
    }

    /// The whole file; nil when there is none.
    func read(_ path: UploadPath) async throws -> [UInt8]? {
        let (target, limit) = (absolute(path), maximumBytes)
        return try await Blocking.run {
            guard let size = PrivateFiles.size(of: target) else { return nil }
            return try PrivateFiles.read(target, limit: min(Int(size), limit))
        }
    }

    /// Bytes of the file; nil when there is none.
    func size(of path: UploadPath) async throws -> Int64? {
        let target = absolute(path)
        return try await Blocking.run { PrivateFiles.size(of: target) }
    }

    /// Removes files; those that are gone already are fine.
    func remove(_ paths: [UploadPath]) async throws {
        let targets = paths.map(absolute)
        try await Blocking.run { for target in targets { try PrivateFiles.remove(target) } }
    }

    /// Everything that is stored for a user.
    func list(of user: UserID) async throws -> [Stored] {
        let folder = "\(root)/user_\(user.hex)"
        return try await Blocking.run {
            AssetType.allCases.flatMap { asset -> [Stored] in
                // No folder: nothing stored.
                let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(asset.rawValue)")) ?? []
                return names.compactMap { name in
                    guard let path = UploadPath("user_\(user.hex)/\(asset.rawValue)/\(name)", of: user, root: root),
                        let found = PrivateFiles.status(of: "\(root)/\(path)")
                    else { return nil }
                    return Stored(path: path, bytes: found.bytes, modifiedAt: found.modifiedAt)
                }
            }
        }
    }

    private func absolute(_ path: UploadPath) -> String { "\(root)/\(path)" }

    private func folder(of path: UploadPath) -> String { "\(root)/user_\(path.user.hex)/\(path.asset.rawValue)" }
}
