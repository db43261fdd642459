package import DomainModel

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Files and directories that nobody but our own user may read. All calls block.
package enum PrivateFiles {
    /// Makes the directory and those above it that are missing, mode 0700. One that exists is left as it is.
    package static func makeDirectory(_ path: String) throws(StorageError) {
        if path.isEmpty || isDirectory(path) { return }
        if let slash = path.lastIndex(of: "/"), slash != path.startIndex { try makeDirectory(String(path[..<slash])) }
        if mkdir(path, 0o700) != 0 && !isDirectory(path) {
            throw failure(.cannotOpen, "create the directory \(path)")
        }
    }

    /// Makes an empty file of mode 0600 unless something of that name exists. True when it was made.
    @discardableResult
    package static func makeFile(_ path: String) throws(StorageError) -> Bool {
        let descriptor = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
        if descriptor < 0 {
            if errno == EEXIST { return false }
            throw failure(.cannotOpen, "create the file \(path)")
        }
        close(descriptor)
        return true
    }

    /// Makes a file of mode 0600 with that content, whole or not at all, flushed to disk. False, and nothing
    /// changed, when something of that name exists already.
    ///
    /// The content is written to a file without a name, or where there is no such thing under another name in the same
    /// directory, and gets its own name when complete.
    ///
    /// - Parameter flushesName: Whether the name, too, is on disk on return. Without, a power cut may leave no file at all.
    @discardableResult
    package static func write(
        _ bytes: [UInt8], toNew path: String, flushesName: Bool = true
    ) throws(StorageError) -> Bool {
        if exists(path) { return false }
        var isNew = try writeUnnamed(bytes, toNew: path)
        if isNew == nil { isNew = try writeDraft(bytes, toNew: path) }
        if isNew == true && flushesName { flushDirectory(of: path) }
        return isNew == true
    }

    /// The whole file; nil when there is none.
    package static func read(_ path: String, limit: Int) throws(StorageError) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        if descriptor < 0 {
            if errno == ENOENT { return nil }
            throw failure(.cannotOpen, "read the file \(path)")
        }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: limit)
        var length = 0
        while length < limit {
            let count = bytes.withUnsafeMutableBytes { readBytes(descriptor, into: $0, from: length) }
            if count < 0 && errno == EINTR { continue }
            if count < 0 { throw failure(.cannotOpen, "read the file \(path)") }
            if count == 0 { break }
            length += count
        }
        return Array(bytes.prefix(length))
    }

    package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// Whether anybody but the owner may read or write the file; false when it cannot be told.
    package static func isOpenToOthers(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & 0o077 != 0
    }

    /// Bytes; nil when there is no such file.
    package static func size(of path: String) -> Int64? {
        var status = stat()
        return stat(path, &status) == 0 ? Int64(status.st_size) : nil
    }

    /// Bytes and time of the last change of a plain file; nil when there is none. Links are not followed.
    package static func status(of path: String) -> (bytes: Int64, modifiedAt: Timestamp)? {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        let time = status.st_mtim
        return (
            Int64(status.st_size),
            Timestamp(milliseconds: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
        )
    }

    /// What the file system knows the file by, whatever its name; nil when there is no such file.
    package static func inode(of path: String) -> Int64? {
        var status = stat()
        return stat(path, &status) == 0 ? Int64(bitPattern: UInt64(status.st_ino)) : nil
    }

    /// When the file was last written; nil when there is no such file.
    package static func modified(_ path: String) -> Timestamp? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return Timestamp(milliseconds: Int64(status.st_mtim.tv_sec) * 1_000 + Int64(status.st_mtim.tv_nsec) / 1_000_000)
    }

    /// The names in a directory, sorted; none when it does not exist.
    package static func names(in directory: String) throws(StorageError) -> [String] {
        guard let stream = opendir(directory) else {
            if errno == ENOENT { return [] }
            throw failure(.cannotOpen, "list the directory \(directory)")
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Removes a file; false when there was none.
    @discardableResult
    package static func remove(_ path: String) throws(StorageError) -> Bool {
        if unlink(path) == 0 { return true }
        if errno == ENOENT { return false }
        throw failure(.cannotOpen, "remove the file \(path)")
    }

    /// Removes a directory with all that is in it, links themselves instead of what they lead to; false when there was none.
    @discardableResult
    package static func removeTree(_ path: String) throws(StorageError) -> Bool {
        var status = stat()
        guard lstat(path, &status) == 0 else { return false }
        guard status.st_mode & S_IFMT == S_IFDIR else { return try remove(path) }
        for name in try names(in: path) { try removeTree("\(path)/\(name)") }
        if rmdir(path) != 0 && errno != ENOENT { throw failure(.cannotOpen, "remove the directory \(path)") }
        return true
    }

    /// Removes a database and what SQLite keeps beside it, as far as it goes.
    package static func removeDatabase(_ path: String) {
        for name in databaseFiles(path) { unlink(name) }
    }

    /// A database's own file, and the names of what SQLite may keep beside it.
    package static func databaseFiles(_ path: String) -> [String] {
        [path, "\(path)-wal", "\(path)-shm", "\(path)-journal"]
    }

    /// Copies a file to a path where nothing is yet, mode 0600, flushed to disk. What was made of a copy that fails is removed.
    package static func copy(_ source: String, to destination: String) throws(StorageError) {
        let input = open(source, O_RDONLY | O_CLOEXEC)
        if input < 0 { throw failure(.cannotOpen, "read the file \(source)") }
        defer { close(input) }
        let output = open(destination, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
        if output < 0 { throw failure(.cannotOpen, "create the file \(destination)") }
        defer { close(output) }
        do {
            try copyBytes(from: input, to: output, destination)
        } catch {
            unlink(destination)
            throw error
        }
    }

    private static func copyBytes(from input: Int32, to output: Int32, _ name: String) throws(StorageError) {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = buffer.withUnsafeMutableBytes { systemRead(input, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            if count < 0 { throw failure(.cannotOpen, "read the source of \(name)") }
            if count == 0 { break }
            var written = 0
            while written < count {
                let more = buffer.withUnsafeBytes {
                    systemWrite(output, $0.baseAddress?.advanced(by: written), count - written)
                }
                if more < 0 && errno == EINTR { continue }
                if more <= 0 { throw failure(.cannotOpen, "write the file \(name)") }
                written += more
            }
        }
        if fsync(output) != 0 { throw failure(.cannotOpen, "flush the file \(name)") }
    }

    /// Gives a complete file its name, replacing what has it, and flushes the directory.
    package static func replace(_ path: String, with draft: String) throws(StorageError) {
        if rename(draft, path) != 0 { throw failure(.cannotOpen, "replace the file \(path)") }
        flushDirectory(of: path)
    }

    private static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Nil when the file system, or a system without `/proc`, knows no such way.
    package static func writeUnnamed(_ bytes: [UInt8], toNew path: String) throws(StorageError) -> Bool? {
        let descriptor = open(directory(of: path), unnamed | O_WRONLY | O_CLOEXEC, 0o600)
        if descriptor < 0 { return nil }
        defer { close(descriptor) }
        try writeFlushed(bytes, to: descriptor, path)
        if linkat(AT_FDCWD, "/proc/self/fd/\(descriptor)", AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0 { return true }
        return errno == EEXIST ? false : nil
    }

    /// `O_TMPFILE` of `open(2)`, which Swift does not import: a file without a name, gone when it is closed unless it got one.
    private static let unnamed: Int32 = 0o20_000_000 | O_DIRECTORY

    /// As ``write(_:toNew:flushesName:)``, by way of a name of its own.
    package static func writeDraft(_ bytes: [UInt8], toNew path: String) throws(StorageError) -> Bool {
        let draft = "\(path).new-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
        let descriptor = open(draft, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
        if descriptor < 0 { throw failure(.cannotOpen, "create the file \(draft)") }
        defer {
            close(descriptor)
            unlink(draft)
        }
        try writeFlushed(bytes, to: descriptor, draft)
        if link(draft, path) == 0 { return true }
        if errno == EEXIST { return false }
        // Some file systems know no links. Renaming could replace a file, so look once more.
        if exists(path) { return false }
        if rename(draft, path) != 0 { throw failure(.cannotOpen, "create the file \(path)") }
        return true
    }

    private static func writeFlushed(_ bytes: [UInt8], to descriptor: Int32, _ path: String) throws(StorageError) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { writeBytes(descriptor, $0, from: written) }
            if count < 0 && errno == EINTR { continue }
            if count <= 0 { throw failure(.cannotOpen, "write the file \(path)") }
            written += count
        }
        if fsync(descriptor) != 0 { throw failure(.cannotOpen, "flush the file \(path)") }
    }

    private static func readBytes(_ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer, from start: Int)
        -> Int
    {
        let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[start...])
        return systemRead(descriptor, rest.baseAddress, rest.count)
    }

    private static func writeBytes(_ descriptor: Int32, _ buffer: UnsafeRawBufferPointer, from start: Int) -> Int {
        let rest = UnsafeRawBufferPointer(rebasing: buffer[start...])
        return systemWrite(descriptor, rest.baseAddress, rest.count)
    }

    /// Makes the new name itself durable. Not every file system can; the file is whole either way.
    private static func flushDirectory(of path: String) {
        let descriptor = open(directory(of: path), O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    private static func directory(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    }

    private static func failure(_ code: StorageError.Code, _ operation: String) -> StorageError {
        let number = errno
        let reason = String(cString: strerror(number))
        switch number {
        case ENOSPC, EDQUOT:
            return StorageError(.diskFull, "cannot \(operation): \(reason)", hint: "free disk space or raise the quota")
        case EROFS:
            return StorageError(.readOnly, "cannot \(operation): \(reason)", hint: "mount the disk writable")
        default:
            return StorageError(
                code, "cannot \(operation): \(reason)", hint: "check that this process's user may write there")
        }
    }
}

// The enum's own `read` and `write` would hide the system's inside it.
private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    read(descriptor, buffer, count)
}

private func systemWrite(_ descriptor: Int32, _ buffer: UnsafeRawPointer?, _ count: Int) -> Int {
    write(descriptor, buffer, count)
}
