import Foundation
import ServiceHarness

/// The data directory: a small file system of its own when that is allowed, so that it can be filled.
final class ChaosDisk: Sendable {
    let path: String
    private let directory: TemporaryDirectory
    private let isMounted: Bool

    init() throws {
        directory = try TemporaryDirectory("chaos")
        path = directory.path + "/data"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        isMounted =
            getuid() == 0 && Self.run("/bin/mount", ["-t", "tmpfs", "-o", "size=384m,mode=0700", "tmpfs", path])
    }

    deinit { if isMounted { _ = Self.run("/bin/umount", ["-l", path]) } }

    private var ballast: String { path + "/ballast" }

    /// Takes all room; false when the directory has no file system of its own.
    func fill() -> Bool {
        guard isMounted, FileManager.default.createFile(atPath: ballast, contents: nil),
            let file = FileHandle(forWritingAtPath: ballast)
        else { return false }
        let block = Data(count: 1 << 20)
        for _ in 0..<512 {
            do { try file.write(contentsOf: block) } catch { break }  // Full: what was wanted.
        }
        try? file.close()  // Nothing is lost: the bytes do not matter.
        return true
    }

    /// Gives the room back. What is not there need not go.
    func free() { try? FileManager.default.removeItem(atPath: ballast) }

    private static func run(_ program: String, _ arguments: [String]) -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }  // No such program: then no disk to fill.
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}
