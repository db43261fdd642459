import DomainModel
import Glibc
import Synchronization

/// Leaves a mark, in memory that outlives the process, of every user whose poll or request is under way.
///
/// The marks are in a mapped file: the kernel keeps what was written, however the process ends. The file is locked while
/// its process lives, so that nobody takes it for a dead one's. A mark and its removal cost half a microsecond (three
/// million in a row, built for release) and no system call.
final class BreadcrumbTrail: Sendable {
    /// Pieces of work that can be marked at once: all polls (1,000 at most) and a gateway's worth of requests. Work beyond
    /// that goes unmarked.
    static let lines = 2_048

    /// Nil when the marks are only in memory.
    private let file: (path: String, descriptor: Int32)?
    /// Written only through atomics, or in a line that its holder alone owns.
    private nonisolated(unsafe) let memory: UnsafeMutableRawPointer
    private let length: Int
    private let free: Mutex<[Int]>

    /// Makes a new file in `directory`, or none: then a death of this process is nobody's. Blocks for a moment.
    init(directory: BreadcrumbDirectory?) throws {
        file = try directory?.makeFile(BreadcrumbFormat.empty(lines: Self.lines, boot: BreadcrumbDirectory.bootID))
        length = BreadcrumbFormat.lineLength * (Self.lines + 1)
        let kind = file == nil ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED
        let mapped = mmap(nil, length, PROT_READ | PROT_WRITE, kind, file?.descriptor ?? -1, 0)
        guard let mapped, mapped != MAP_FAILED else {
            throw BreadcrumbError(what: "map", path: file?.path ?? "memory", code: errno)
        }
        memory = mapped
        free = Mutex((1...Self.lines).map { $0 * BreadcrumbFormat.lineLength })
    }

    deinit {
        munmap(memory, length)
        if let file { close(file.descriptor) }
    }

    /// Runs `body` with a mark for the user's poll in place.
    func duringPoll<Result>(of user: UserID, _ body: () async throws -> Result) async rethrows -> Result {
        let line = leave(BreadcrumbFormat.poll, user, "")
        defer { if let line { remove(line) } }
        return try await body()
    }

    /// The same for a request.
    func during<Result>(
        _ operation: String, of user: UserID, _ body: () async throws -> Result
    ) async rethrows -> Result {
        let line = leave(BreadcrumbFormat.request, user, operation)
        defer { if let line { remove(line) } }
        return try await body()
    }

    /// From now on an end is no death: what is cut off when the time for draining is over is nobody's fault.
    func beginDraining() { byte(BreadcrumbFormat.stateOffset, BreadcrumbFormat.draining) }

    /// The process ends in order.
    func erase() { if let file { unlink(file.path) } }

    private func leave(_ kind: UInt8, _ user: UserID, _ operation: String) -> Int? {
        guard let line = free.withLock({ $0.popLast() }) else { return nil }
        write(user.hex, at: line + BreadcrumbFormat.userOffset, room: BreadcrumbFormat.digits)
        if kind == BreadcrumbFormat.request {
            write(operation, at: line + BreadcrumbFormat.operationOffset, room: BreadcrumbFormat.operationLength)
        }
        // After the rest, whatever the compiler or the processor would like.
        byte(line, kind)
        return line
    }

    /// As much as there is room for, and blanks behind it.
    private func write(_ text: String, at offset: Int, room: Int) {
        var text = text
        text.withUTF8 { source in
            let count = min(source.count, room)
            if let base = source.baseAddress { (memory + offset).copyMemory(from: base, byteCount: count) }
            memset(memory + offset + count, Int32(BreadcrumbFormat.over), room - count)
        }
    }

    private func remove(_ line: Int) {
        byte(line, BreadcrumbFormat.over)
        free.withLock { $0.append(line) }
    }

    private func byte(_ offset: Int, _ value: UInt8) {
        (memory + offset).assumingMemoryBound(to: Atomic<UInt8>.self).pointee.store(value, ordering: .releasing)
    }
}
