package import Storage

/// The master key that a first start without a configured one makes for itself: `<data directory>/encryption.key`.
package enum MasterKeyFile {
    /// A key that was found or made.
    package struct Loaded: Sendable, Equatable {
        package var key: MasterKey
        package var path: String
        /// True when this call made it: the log should say so, and that it is to be backed up.
        package var isNew: Bool
        /// True when others than the owner may read the file: the log should warn.
        package var isOpenToOthers: Bool
    }

    package static let fileName = "encryption.key"
    // A key is 64 characters; somebody's own may be longer, but no file of this size is a key.
    private static let sizeLimit = 4_096

    /// Reads the key, or makes one: 32 random bytes as 64 hex digits, mode 0600, on disk before it is used. Of several processes
    /// that do it at once one makes it and all get the same. A line end after the key does not belong to it. Blocks.
    package static func loadOrCreate(in dataDirectory: String) throws(StorageError) -> Loaded {
        let path = "\(dataDirectory)/\(fileName)"
        if let found = try load(path) { return found }
        try PrivateFiles.makeDirectory(dataDirectory)
        let isNew = try PrivateFiles.write(newKey(), toNew: path)
        guard var made = try load(path) else {
            throw StorageError(.cannotOpen, "cannot read the master key file \(path) after making it")
        }
        made.isNew = isNew
        return made
    }

    /// Reads the key; nil when there is no file yet. Blocks.
    package static func loadExisting(in dataDirectory: String) throws(StorageError) -> MasterKey? {
        try load("\(dataDirectory)/\(fileName)")?.key
    }

    /// The content of a new file.
    static func newKey() -> [UInt8] {
        Array("\(Hex.text((0..<32).map { _ in UInt8.random(in: 0...UInt8.max) }))\n".utf8)
    }

    static func load(_ path: String) throws(StorageError) -> Loaded? {
        guard let bytes = try PrivateFiles.read(path, limit: sizeLimit) else { return nil }
        guard bytes.count < sizeLimit, let text = String(validating: withoutLineEnd(bytes), as: UTF8.self),
            !text.isEmpty
        else {
            throw StorageError(
                .corrupt, "cannot use the master key file \(path): it does not hold a key",
                hint: "restore it from a backup; without it the stored API keys cannot be read")
        }
        return Loaded(
            key: MasterKey(text), path: path, isNew: false, isOpenToOthers: PrivateFiles.isOpenToOthers(path))
    }

    private static func withoutLineEnd(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        return bytes
    }
}
