import NIOPosix
import Testing

@testable import SupervisorCore

extension SpawningTests {
    @Suite struct OneShotCommandTests {
        private func command(_ script: String, limit: Duration = .seconds(30)) -> OneShotCommand {
            let specification = ChildSpecification(
                executable: "/bin/sh", arguments: ["-c", script], environment: ["PATH": "/usr/bin:/bin"])
            return OneShotCommand(
                specification: specification, limit: limit, eventLoop: MultiThreadedEventLoopGroup.singleton.next())
        }

        @Test("output and exit code come back") func output() async throws {
            let outcome = try await command("echo one; echo two; exit 78").runCapturing()
            #expect(outcome == .init(status: .exited(78), output: "one\ntwo\n"))
        }

        @Test("more output than is kept does not block the command") func muchOutput() async throws {
            let outcome = try await command("head -c 3000000 /dev/zero").runCapturing()
            #expect(outcome.status == .exited(0))
            #expect(outcome.output.utf8.count < 300_000)
        }

        @Test("a command over its limit is ended") func limit() async throws {
            #expect(try await command("exec sleep 300", limit: .milliseconds(50)).run().status == .signalled(15))
        }

        @Test("a cancelled command is ended and waited for") func cancellation() async throws {
            let status = try await withThrowingTaskGroup(of: ProcessExit.self) { tasks in
                tasks.addTask { try await command("exec sleep 300").run().status }
                tasks.cancelAll()
                return try await tasks.next()
            }
            #expect(status == .signalled(15))
        }
    }
}
