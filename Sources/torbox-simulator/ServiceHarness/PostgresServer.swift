import Foundation
import Synchronization

/// A private PostgreSQL on a Unix socket in a directory of its own, for tests: Debian's package, run as an ordinary user.
///
/// A shell stands between us and the server and ends it, directory and all, when our end of its input is gone: nothing is
/// left behind even by a test run that was killed.
package final class PostgresServer: Sendable {
    package struct Failure: Error, CustomStringConvertible {
        package var description: String
    }

    /// Directory of the programs, directory of the server. The server refuses to run as root.
    private static let script = """
        set -e
        as=
        mkdir "$2"
        if [ "$(id -u)" -eq 0 ]; then
            as="setpriv --reuid=postgres --regid=postgres --clear-groups --"
            chown postgres "$2"
        fi
        cd "$2"
        $as "$1/initdb" -D "$2/data" -U tbx -A trust -E UTF8 --locale=C --no-sync >"$2/initdb.log" 2>&1
        while :; do
            $as "$1/postgres" -D "$2/data" -c listen_addresses= -c unix_socket_directories="$2" -c fsync=off \
                -c shared_buffers=16MB -c max_connections=60 -c unix_socket_permissions=0777 >>"$2/log" 2>&1 &
            pid=$!
            read -r line || break
            wait "$pid" || :
        done
        kill -INT "$pid" 2>/dev/null || :
        wait "$pid" || :
        rm -rf "$2"
        """

    package let directory: String
    private let programs: String
    private let keeper: Process
    private let input: FileHandle
    private let schemas = Mutex(0)

    /// Made once, used by all tests of a process, gone with the process.
    package static let shared = Task { try await PostgresServer.start() }

    private init(directory: String, programs: String, keeper: Process, input: FileHandle) {
        self.directory = directory
        self.programs = programs
        self.keeper = keeper
        self.input = input
    }

    deinit { try? input.close() }  // The keeper does the rest; nobody could be told.

    /// Makes a database cluster and starts its server; returns when it answers.
    package static func start() async throws -> PostgresServer {
        let programs = try await output(of: "/usr/bin/env", ["pg_config", "--bindir"])
        let name = "tbx-pg-\(String(UInt32.random(in: 0...UInt32.max), radix: 36))"
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent(name).path
        let keeper = Process()
        keeper.executableURL = URL(fileURLWithPath: "/bin/sh")
        keeper.arguments = ["-c", script, "sh", programs, directory]
        keeper.currentDirectoryURL = FileManager.default.temporaryDirectory
        let pipe = Pipe()
        _ = fcntl(pipe.fileHandleForWriting.fileDescriptor, F_SETFD, FD_CLOEXEC)
        keeper.standardInput = pipe
        try keeper.run()
        let server = PostgresServer(
            directory: directory, programs: programs, keeper: keeper, input: pipe.fileHandleForWriting)
        try await server.waitUntilReady()
        return server
    }

    /// Stops the server and removes its directory.
    package func stop() async throws {
        thaw()
        try input.close()
        guard try await eventually(within: .seconds(30), { !self.keeper.isRunning }) else {
            throw Failure(description: "PostgreSQL did not end; see \(directory)/log")
        }
    }

    // MARK: Databases

    /// An address of an empty place of its own: another schema of the one database.
    package func newDatabase() async throws -> String {
        let number = schemas.withLock { count in
            count += 1
            return count
        }
        try await execute("CREATE SCHEMA s\(number)")
        return "postgres://tbx@/postgres?host=\(directory)&options=-csearch_path%3Ds\(number)"
    }

    /// Runs SQL with psql and returns what it prints: a line per row, columns separated by `|`.
    @discardableResult
    package func execute(_ sql: String, at url: String? = nil) async throws -> String {
        let place = url ?? "postgres://tbx@/postgres?host=\(directory)"
        return try await Self.output(
            of: "\(programs)/psql", ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", sql, place])
    }

    // MARK: Weather

    /// Ends every process of the server at once, as a crash does.
    package func crash() async throws {
        for pid in pids { kill(pid, SIGKILL) }
        guard try await eventually({ self.pids.isEmpty }) else { throw Failure(description: "PostgreSQL did not die") }
    }

    /// Starts the server again after ``crash()``; returns when it answers.
    package func restart() async throws {
        try input.write(contentsOf: Data("\n".utf8))
        try await waitUntilReady()
    }

    /// Stops all its processes where they are: connections stay open, nobody answers.
    package func freeze() { for pid in pids { kill(pid, SIGSTOP) } }

    package func thaw() { for pid in pids { kill(pid, SIGCONT) } }

    /// The server's processes, the postmaster first; empty when it does not run.
    private var pids: [Int32] {
        let file = FileManager.default.contents(atPath: "\(directory)/data/postmaster.pid") ?? Data()
        let line = String(decoding: file, as: UTF8.self).split(separator: "\n").first
        guard let postmaster = line.flatMap({ Int32($0) }), ProcessTable.isAlive(postmaster) else { return [] }
        return [postmaster] + ProcessTable.childPIDs(of: postmaster).filter(ProcessTable.isAlive)
    }

    private func waitUntilReady() async throws {
        let isReady = try await eventually(within: .seconds(60)) {
            guard self.keeper.isRunning else { throw Failure(description: "PostgreSQL did not start: \(self.log)") }
            return (try? await self.execute("SELECT 1")) == "1"
        }
        guard isReady else { throw Failure(description: "PostgreSQL does not answer: \(log)") }
    }

    private var log: String {
        ["initdb.log", "log"].compactMap { FileManager.default.contents(atPath: "\(directory)/\($0)") }
            .map { String(decoding: $0.suffix(2_000), as: UTF8.self) }.joined(separator: "\n")
    }

    private static func output(of program: String, _ arguments: [String]) async throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        return try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { process in
                let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
                let trouble = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
                continuation.resume(
                    with: process.terminationStatus == 0
                        ? .success(text.trimmingCharacters(in: .whitespacesAndNewlines))
                        : .failure(
                            Failure(description: "\(program) ended with \(process.terminationStatus): \(trouble)")))
            }
            do { try process.run() } catch { continuation.resume(throwing: error) }
        }
    }
}
