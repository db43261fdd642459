import NIOPosix
import ServiceSupport
import Testing

@testable import SupervisorCore

extension SpawningTests {
    @Suite struct ConfigurationCheckTests {
        private let directory: TemporaryDirectory

        init() throws { directory = try TemporaryDirectory() }

        private func problems(own: [ConfigurationProblem] = []) async -> [String] {
            let programs = ChildPrograms(
                directory: directory.path, environment: ["PATH": "/usr/bin:/bin"], runtimeDirectory: "/run/x")
            let check = ConfigurationCheck(programs: programs, eventLoop: MultiThreadedEventLoopGroup.singleton.next())
            return await check.problems(own: own).map(\.description)
        }

        @Test("problems of all three roles come in one list, shared ones once")
        func collects() async throws {
            try directory.script("worker", "echo 'LOG_LEVEL is odd'; echo 'POLL_MS is \"x\"'; exit 78")
            try directory.script("api-gateway", "echo 'LOG_LEVEL is odd'; echo 'TRUST_PROXY is maybe'; exit 78")
            let own = ConfigurationProblem(key: "WORKERS", message: "is \"many\"")
            #expect(
                await problems(own: [own]) == [
                    "WORKERS is \"many\"", "LOG_LEVEL is odd", "POLL_MS is \"x\"", "TRUST_PROXY is maybe",
                ])
        }

        @Test("no problem anywhere gives an empty list")
        func fine() async throws {
            try directory.script("worker", "[ \"$1\" = check-config ] && [ \"$RUNTIME_DIR\" = /run/x ]")
            try directory.script("api-gateway", "[ \"$1\" = check-config ]")
            #expect(await problems().isEmpty)
        }

        @Test("a child that crashes, refuses without a word or is not there is a problem too")
        func broken() async throws {
            try directory.script("worker", "exit 78")
            try directory.script("api-gateway", "kill -11 $$")
            #expect(
                await problems() == [
                    "worker check-config refused the settings without a reason",
                    "api-gateway check-config failed with signal 11",
                ])
            let missing = ChildPrograms(directory: "/nowhere", environment: [:], runtimeDirectory: "/run/x")
            let check = ConfigurationCheck(programs: missing, eventLoop: MultiThreadedEventLoopGroup.singleton.next())
            #expect(await check.problems(own: []).map(\.key) == ["worker", "api-gateway"])
        }
    }
}
