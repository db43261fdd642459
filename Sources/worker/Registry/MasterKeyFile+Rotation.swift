import Glibc
package import Storage

/// A new key file beside the old one, which stays readable until every stored key is under the new.
///
/// `encryption.key.next` is the new key before it counts, `encryption.key.previous` the old one while it is still needed,
/// `encryption.key.retired-<milliseconds>` the old one afterwards: backups made before are under it.
extension MasterKeyFile {
    static let previousName = "encryption.key.previous"
    static let nextName = "encryption.key.next"

    /// The old key of a rotation that is not finished; nil when there is none. Blocks.
    package static func loadPrevious(in dataDirectory: String) throws(StorageError) -> MasterKey? {
        try load("\(dataDirectory)/\(previousName)")?.key
    }

    /// Makes a new key the current one, or goes on with a rotation that was begun. Interrupted anywhere, both keys are on
    /// disk and doing it again ends in the same state. True when a new key was made by this call. Blocks.
    package static func beginRotation(in dataDirectory: String) throws(StorageError) -> Bool {
        let (current, previous, next) = (
            "\(dataDirectory)/\(fileName)", "\(dataDirectory)/\(previousName)", "\(dataDirectory)/\(nextName)"
        )
        let isUnderWay = PrivateFiles.exists(previous)
        if isUnderWay && !PrivateFiles.exists(next) { return false }
        if !isUnderWay {
            guard let old = try load(current) else {
                throw StorageError(.cannotOpen, "cannot rotate: there is no key file \(current)")
            }
            try PrivateFiles.write(newKey(), toNew: next)
            try PrivateFiles.write(Array("\(old.key.revealed)\n".utf8), toNew: previous)
        }
        guard rename(next, current) == 0 else {
            throw StorageError(
                .cannotOpen, "cannot make \(next) the current key file: \(String(cString: strerror(errno)))")
        }
        return true
    }

    /// Puts the old key aside. Only when nothing is stored under it any more. Returns where it is now. Blocks.
    package static func endRotation(
        in dataDirectory: String, atMilliseconds now: Int64
    ) throws(StorageError) -> String? {
        let previous = "\(dataDirectory)/\(previousName)"
        guard PrivateFiles.exists(previous) else { return nil }
        let retired = "\(dataDirectory)/\(fileName).retired-\(now)"
        guard rename(previous, retired) == 0 else {
            throw StorageError(.cannotOpen, "cannot rename \(previous): \(String(cString: strerror(errno)))")
        }
        return retired
    }
}
