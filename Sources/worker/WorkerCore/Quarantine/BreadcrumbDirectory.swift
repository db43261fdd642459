import DomainModel
import Foundation
import Glibc
import Storage

/// Where workers leave their breadcrumb files: those of the living are locked, the others tell of deaths. All calls block.
struct BreadcrumbDirectory: Sendable {
    let path: String

    init(runtimeDirectory: String) { path = "\(runtimeDirectory)/crumbs" }

    /// Tells one start of the machine from the next: what a power cut ended was nobody's fault.
    static let bootID: String = {
        let bytes = FileManager.default.contents(atPath: "/proc/sys/kernel/random/boot_id") ?? Data()
        return String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }()

    /// A dead process's file.
    struct Death: Sendable {
        /// Unique for each life of a worker.
        var name: String
        var remains: BreadcrumbFormat.Remains
    }

    /// Makes a file with this content, locked for as long as the descriptor (or a copy of it) is open.
    func makeFile(_ content: [UInt8]) throws -> (path: String, descriptor: Int32) {
        try PrivateFiles.makeDirectory(path)
        return try locked {
            let file = "\(path)/\(UUID().uuidString).crumbs"
            let descriptor = open(file, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { throw BreadcrumbError(what: "create", path: file, code: errno) }
            // Room first: a mapped file without it ends the process when the disk is full.
            let error = posix_fallocate(descriptor, 0, content.count)
            guard error == 0, flock(descriptor, LOCK_EX | LOCK_NB) == 0,
                pwrite(descriptor, content, content.count, 0) == content.count
            else {
                let code = error != 0 ? error : errno
                close(descriptor)
                unlink(file)
                throw BreadcrumbError(what: "write", path: file, code: code)
            }
            return (file, descriptor)
        }
    }

    /// What dead processes left of the users of these slots. Files of the living are passed over.
    func deaths(in slots: Set<Slot>) throws -> [Death] {
        guard PrivateFiles.exists(path) else { return [] }
        return try locked {
            try names().compactMap { name in
                guard var remains = withDead(name, { BreadcrumbFormat.read($0, boot: Self.bootID) }) ?? nil else {
                    return nil
                }
                remains.users = remains.users.filter { slots.contains($0.key.slot) }
                remains.lines = remains.lines.filter { slots.contains($0.key.slot) }
                return Death(name: name, remains: remains)
            }
        }
    }

    /// Takes out what was counted. A file that has nothing left goes.
    func settle(_ death: Death) throws {
        try locked {
            let file = "\(path)/\(death.name)"
            let descriptor = open(file, O_RDWR | O_CLOEXEC)
            guard descriptor >= 0 else { return }
            defer { close(descriptor) }
            for line in death.remains.lines.values.joined() {
                var over = BreadcrumbFormat.over
                guard pwrite(descriptor, &over, 1, off_t(line)) == 1 else {
                    throw BreadcrumbError(what: "write", path: file, code: errno)
                }
            }
            let rest = withDead(death.name) { BreadcrumbFormat.read($0, boot: Self.bootID) } ?? nil
            if rest?.users.isEmpty != false { unlink(file) }
        }
    }

    private func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path).filter { $0.hasSuffix(".crumbs") }.sorted()
    }

    /// Nil when its process lives, or when it is gone.
    private func withDead<Value>(_ name: String, _ body: ([UInt8]) -> Value) -> Value? {
        let descriptor = open("\(path)/\(name)", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        guard flock(descriptor, LOCK_SH | LOCK_NB) == 0 else { return nil }
        return body([UInt8](FileHandle(fileDescriptor: descriptor, closeOnDealloc: false).readDataToEndOfFile()))
    }

    /// One process at a time looks at the files or makes one, so that none is seen half made.
    private func locked<Value>(_ body: () throws -> Value) throws -> Value {
        let directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0, flock(directory, LOCK_EX) == 0 else {
            let code = errno
            if directory >= 0 { close(directory) }
            throw BreadcrumbError(what: "lock", path: path, code: code)
        }
        defer { close(directory) }
        return try body()
    }
}

/// The runtime directory does not do what it should.
struct BreadcrumbError: Error, CustomStringConvertible {
    var what: String
    var path: String
    var code: Int32

    var description: String {
        "cannot \(what) \(path): \(String(cString: strerror(code))); check that RUNTIME_DIR is writable and has room"
    }
}
