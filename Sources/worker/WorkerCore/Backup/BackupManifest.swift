/// What a backup holds, as `manifest.json` in its folder. Written last: a folder without it is no backup.
///
/// `{"createdAt":"2026-11-26T15:54:37.000Z","files":[{"bytes":98304,"name":"registry.sqlite","sha256":"…"}],"program":"1.0","skipped":[],"version":1}`
struct BackupManifest: Codable, Sendable, Equatable {
    struct File: Codable, Sendable, Equatable {
        /// In the backup's folder: `registry.sqlite`, or `user_<id>.sqlite`.
        var name: String
        var bytes: Int64
        /// Lowercase hex.
        var sha256: String
    }

    /// A file that could not be copied, which kept no other from being copied.
    struct Skipped: Codable, Sendable, Equatable {
        var name: String
        var reason: String
    }

    static let fileName = "manifest.json"
    static let registryName = "registry.sqlite"

    var version = 1
    var createdAt: String
    /// The version of the program that made it.
    var program: String
    var files: [File] = []
    var skipped: [Skipped] = []

    var bytes: Int64 { files.reduce(0) { $0 + $1.bytes } }
}
