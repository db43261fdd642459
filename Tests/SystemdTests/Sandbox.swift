import Foundation
import Glibc
import Testing

/// A real systemd in throw-away namespaces, with the units of this package and the executables of this build.
///
/// It needs root and `../shared/tools/systemd-sandbox` beside the package; without them there is nothing to run.
enum Sandbox {
    struct Outcome: Sendable {
        var exitCode: Int32
        /// Output and, after a failure, the journal.
        var text: String
    }

    /// Why no systemd can be booted here; nil when it can. Once it can, a sandbox that does not come up is a failure.
    static let obstacle: String? = {
        guard getuid() == 0 else { return "needs root" }
        guard FileManager.default.isExecutableFile(atPath: tool) else {
            return "needs ../shared/tools/systemd-sandbox beside the package"
        }
        guard hasAll("/lib/systemd/systemd", "/usr/bin/dbus-daemon", "/usr/bin/nsenter", "/usr/bin/setpriv") else {
            return "needs Debian's systemd, dbus and util-linux"
        }
        guard
            succeeds("/usr/bin/unshare", ["--pid", "--mount", "--uts", "--ipc", "--net", "--cgroup", "--fork", "true"])
        else { return "needs a machine that lets root make namespaces" }
        let newGroup = "dir=$(findmnt -nrt cgroup2 -o TARGET | head -n 1)/torbox-probe.$$ && mkdir $dir && rmdir $dir"
        guard succeeds("/bin/sh", ["-c", newGroup]) else {
            return "needs a cgroup2 file system where root makes groups"
        }
        return nil
    }()

    private static func succeeds(_ program: String, _ arguments: [String]) -> Bool {
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        // A program that cannot be started says the same as one that fails.
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }

    static var hasAnalyzer: Bool { hasAll("/usr/bin/systemd-analyze") }
    static var hasDebianTools: Bool {
        hasAll("/usr/bin/dpkg-shlibdeps", "/usr/bin/strip", "/usr/bin/debconf-set-selections")
    }

    private static func hasAll(_ programs: String...) -> Bool {
        programs.allSatisfy { FileManager.default.isExecutableFile(atPath: $0) }
    }

    static let package = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private static let tool =
        package.deletingLastPathComponent().appending(path: "shared/tools/systemd-sandbox").path
    private static let programs = ["supervisor", "worker", "api-gateway"]
    private static let checks = package.appending(path: "Tests/SystemdTests/Checks").path

    /// Boots, runs `Checks/<name>.sh` inside with units and programs in place, takes everything down.
    static func run(_ name: String) async throws -> Outcome {
        var arguments: [String] = []
        let units = package.appending(path: "systemd").path
        for unit in ["torbox-backend.service", "torbox-backend.socket"] { arguments += ["-u", "\(units)/\(unit)"] }
        arguments += ["-c", "\(units)/torbox-backend.sysusers.conf:/usr/lib/sysusers.d/torbox-backend.conf"]
        arguments += ["-c", "\(units)/torbox-backend.tmpfiles.conf:/usr/lib/tmpfiles.d/torbox-backend.conf"]
        for program in programs {
            arguments += ["-b", "\(binaries.path)/\(program):/usr/lib/torbox-backend/\(program)"]
        }
        return try await run(name, arguments)
    }

    /// The same with whatever `arguments` put in place, see the head of the tool.
    static func run(_ name: String, _ arguments: [String]) async throws -> Outcome {
        var arguments = ["-t", "120"] + arguments
        for directory in try await libraryDirectories() { arguments += ["-b", directory] }
        arguments += ["-b", "\(binaries.path)/torbox-simulator:/programs/torbox-simulator"]
        arguments += ["-b", "\(checks):/check", "--", "bash", "/check/\(name).sh"]
        return try await execute(tool, arguments)
    }

    /// Output goes to a file, because a pipe that nobody empties stops the one who writes.
    static func execute(
        _ program: String, _ arguments: [String], environment: [String: String] = [:]
    ) async throws -> Outcome {
        let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        _ = FileManager.default.createFile(atPath: file.path, contents: nil)
        // Nothing is lost with a temporary file that cannot be removed.
        defer { try? FileManager.default.removeItem(at: file) }
        let output = try FileHandle(forWritingTo: file)
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = output
        let (ends, ended) = AsyncStream<Int32>.makeStream()
        process.terminationHandler = { ended.yield($0.terminationStatus) }
        try process.run()
        var exitCode: Int32 = -1
        for await status in ends {
            exitCode = status
            break
        }
        return Outcome(exitCode: exitCode, text: try String(contentsOf: file, encoding: .utf8))
    }

    /// Where the executables of this build are: beside the test bundle.
    static var binaries: URL {
        var directory = URL(
            filePath: CommandLine.arguments.first { $0.contains(".xctest") } ?? CommandLine.arguments[0])
        while directory.path != "/" {
            directory.deleteLastPathComponent()
            let supervisor = directory.appending(path: "supervisor").path
            if FileManager.default.isExecutableFile(atPath: supervisor) { return directory }
        }
        return package.appending(path: ".build/debug")
    }

    /// Where a debug build finds Swift's libraries: in a toolchain, which the sandbox does not see by itself unless it is
    /// below /usr. The loader is asked, because it is the one that must find them there.
    private static func libraryDirectories() async throws -> Set<String> {
        var directories: Set<String> = []
        for program in programs + ["torbox-simulator"] {
            let listing = try await execute("/usr/bin/ldd", [binaries.appending(path: program).path])
            try #require(listing.exitCode == 0 && !listing.text.contains("not found"), "\(listing.text)")
            for match in listing.text.matches(of: /=> (\/\S+)\/[^\/\s]+ \(/) { directories.insert(String(match.1)) }
        }
        return directories.filter { !$0.hasPrefix("/usr/") && !$0.hasPrefix("/lib") }
    }
}
