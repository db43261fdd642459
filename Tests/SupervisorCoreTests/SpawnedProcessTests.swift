import Foundation
import Glibc
import Testing

@testable import SupervisorCore

extension SpawningTests {
    @Suite struct SpawnedProcessTests {
        private let directory: TemporaryDirectory

        init() throws { directory = try TemporaryDirectory() }

        private func start(_ script: String, descriptors: [Int32: Int32] = [:]) async throws -> SpawnedProcess {
            let specification = ChildSpecification(
                executable: "/bin/sh", arguments: ["-c", script],
                environment: ["PATH": "/usr/bin:/bin", "OUT": directory.path])
            return try await SpawnThread.spawn(specification, descriptors: descriptors)
        }

        private func run(_ script: String, descriptors: [Int32: Int32] = [:]) async throws -> ProcessExit {
            await (try await start(script, descriptors: descriptors)).ended()
        }

        @Test("an exit code and a signal are told apart")
        func statuses() async throws {
            #expect(try await run("exit 0") == .exited(0))
            #expect(try await run("exit 78") == .exited(78))
            #expect(try await run("kill -9 $$") == .signalled(9))
        }

        @Test("a missing executable is an error that names it and the reason")
        func missing() async throws {
            let specification = ChildSpecification(executable: "/nowhere/worker", arguments: [], environment: [:])
            let error = await #expect(throws: SupervisorError.self) {
                try await SpawnThread.spawn(specification, descriptors: [:])
            }
            #expect(
                error?.description == "cannot start /nowhere/worker (executing it): No such file or directory")
        }

        @Test("the child gets only the environment it is given")
        func environment() async throws {
            _ = try await run("env > $OUT/env")
            #expect(directory.text("env").contains("OUT=\(directory.path)"))
            #expect(!directory.text("env").contains("HOME="))
        }

        @Test("descriptors arrive under their numbers, also crosswise, and no other is left open")
        func descriptors() async throws {
            // Opened without close-on-exec, on purpose.
            let first = open("\(directory.path)/first", O_RDWR | O_CREAT, 0o600)
            let second = open("\(directory.path)/second", O_RDWR | O_CREAT, 0o600)
            let output = open("\(directory.path)/output", O_RDWR | O_CREAT, 0o600)
            defer { for descriptor in [first, second, output] { close(descriptor) } }
            // Each other's numbers, so that one would be overwritten if they were placed one by one.
            let process = try await start(
                "exec sleep 300", descriptors: [second: first, first: second, STDOUT_FILENO: output])
            defer { process.send(.kill) }
            let links = "/proc/\(process.pid)/fd"
            // Looked at from outside, and not at once: shell and loader open files of their own for a moment.
            try await eventually("only the descriptors that were passed are open") {
                (try? FileManager.default.contentsOfDirectory(atPath: links)).map(Set.init)
                    == Set(["0", "1", "2", "\(first)", "\(second)"])
            }
            let targets = try [second, first, STDOUT_FILENO].map {
                try FileManager.default.destinationOfSymbolicLink(atPath: "\(links)/\($0)")
            }
            #expect(targets == ["first", "second", "output"].map { "\(directory.path)/\($0)" })
            process.send(.kill)
            #expect(await process.ended() == .signalled(SIGKILL))
        }

        @Test("the child leads a process group of its own, with default signals and an empty standard input")
        func isolation() async throws {
            signal(SIGHUP, SIG_IGN)
            // By builtins where it matters: a shell that is starting a program blocks signals for a moment.
            let process = try await start(
                "cat > $OUT/input; while read line; do echo $line; done < /proc/$$/status > $OUT/status; "
                    + "ps -o pgid= $$ > $OUT/group")
            #expect(await process.ended() == .exited(0))
            #expect(directory.text("input").isEmpty)
            #expect(standardSignals("SigBlk:") == 0)
            #expect(standardSignals("SigIgn:") == 0)
            #expect(Int32(directory.text("group").split(separator: "\n").joined().filter { $0 != " " }) == process.pid)
        }

        /// A mask from `/proc/<pid>/status`, signals 1 to 31 (32 and 33 are the C library's own).
        private func standardSignals(_ field: String) -> UInt64? {
            let line = directory.text("status").split(separator: "\n").first { $0.hasPrefix(field) }
            return line?.split(separator: " ").last.flatMap { UInt64($0, radix: 16) }.map { $0 & 0x7fff_ffff }
        }

        @Test("what a child leaves behind in its group is gone when it has ended")
        func grandchildren() async throws {
            #expect(try await run("sleep 300 & echo $! > $OUT/pid; exit 3") == .exited(3))
            let pid = try #require(Int32(directory.text("pid").filter { $0.isNumber }))
            // Gone, or a zombie that process 1 has not collected yet.
            try await eventually("the grandchild is gone") { kill(pid, 0) != 0 || isZombie(pid) }
        }

        private func isZombie(_ pid: Int32) -> Bool {
            guard let file = fopen("/proc/\(pid)/stat", "r") else { return true }
            defer { fclose(file) }
            var buffer = [CChar](repeating: 0, count: 256)
            guard fgets(&buffer, 256, file) != nil else { return true }
            return String(decoding: buffer.map { UInt8(bitPattern: $0) }, as: UTF8.self).contains(") Z ")
        }

        @Test("signals reach a running child and nobody once it has been reaped")
        func signals() async throws {
            let process = try await start("exec sleep 300")
            process.send(.terminate)
            #expect(await process.ended() == .signalled(SIGTERM))
            process.send(.kill)
        }

        @Test("many children at once each get their own status")
        func many() async throws {
            let statuses = try await withThrowingTaskGroup(of: (Int32, ProcessExit).self) { tasks in
                for code in Int32(1)...40 { tasks.addTask { (code, try await run("exit \(code)")) } }
                return try await tasks.reduce(into: [:]) { $0[$1.0] = $1.1 }
            }
            for code in Int32(1)...40 { #expect(statuses[code] == .exited(code)) }
        }
    }
}
