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

    /// Asked for by `SYSTEMD_CHECKS=1`: booting systemd wants a machine that lets root make namespaces.
    static var isAvailable: Bool {
        ProcessInfo.processInfo.environment["SYSTEMD_CHECKS"] == "1" && getuid() == 0
            && FileManager.default.isExecutableFile(atPath: tool)
    }

    static var hasAnalyzer: Bool { hasAll("/usr/bin/systemd-analyze") }
    static var hasDebianTools: Bool { hasAll("/usr/bin/dpkg-shlibdeps", "/usr/bin/strip") }

    private static func hasAll(_ programs: String...) -> Bool {
        programs.allSatisfy { FileManager.default.isExecutableFile(atPath: $0) }
    }

    static let package = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private static let tool =
        package.deletingLastPathComponent().appending(path: "shared/tools/systemd-sandbox").path
    private static let checks = package.appending(path: "Tests/SystemdTests/Checks").path

    /// Boots, runs `Checks/<name>.sh` inside with units and programs in place, takes everything down.
    static func run(_ name: String) async throws -> Outcome {
        var arguments: [String] = []
        let units = package.appending(path: "systemd").path
        for unit in ["torbox-backend.service", "torbox-backend.socket"] { arguments += ["-u", "\(units)/\(unit)"] }
        arguments += ["-c", "\(units)/torbox-backend.sysusers.conf:/usr/lib/sysusers.d/torbox-backend.conf"]
        arguments += ["-c", "\(units)/torbox-backend.tmpfiles.conf:/usr/lib/tmpfiles.d/torbox-backend.conf"]
        for program in ["supervisor", "worker", "api-gateway"] {
            arguments += ["-b", "\(binaries.path)/\(program):/usr/lib/torbox-backend/\(program)"]
        }
        return try await run(name, arguments)
    }

    /// The same with whatever `arguments` put in place, see the head of the tool.
    static func run(_ name: String, _ arguments: [String]) async throws -> Outcome {
        var arguments = ["-t", "240"] + arguments
        for directory in runtimeDirectories { arguments += ["-b", directory] }
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

    /// A debug build finds Swift's libraries in the toolchain, which the sandbox does not see by itself.
    private static var runtimeDirectories: Set<String> {
        let maps = (try? String(contentsOfFile: "/proc/self/maps", encoding: .utf8)) ?? ""  // Always readable.
        let libraries = maps.split(separator: "\n").compactMap { line in line.split(separator: " ").last }
        return Set(
            libraries.filter { $0.hasSuffix("/libswiftCore.so") && !$0.hasPrefix("/usr/") }
                .map { String($0.dropLast("/libswiftCore.so".count)) })
    }
}
