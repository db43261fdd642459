import NIOPosix
import ServiceSupport
import Testing

@testable import SupervisorCore

extension SpawningTests {
    @Suite struct ConfigurationCheckTests {
        private let directory: TemporaryDirectory

        init() throws { directory = try TemporaryDirectory() }

        private func check(
            directory: String? = nil, own: [ConfigurationProblem] = [], file: SettingsFile? = nil
        ) async -> ConfigurationCheck.Outcome {
            let reader = SettingsReader.variables([:])
            let configuration = SupervisorConfiguration(reader: reader, currentDirectory: "/")
            let settings = SupervisorSettings(
                configuration: configuration, problems: own,
                programs: ChildPrograms(
                    directory: directory ?? self.directory.path, environment: ["PATH": "/usr/bin:/bin"],
                    runtimeDirectory: "/run/x"), file: file)
            return await ConfigurationCheck(eventLoop: MultiThreadedEventLoopGroup.singleton.next()).run(settings)
        }

        private func problems(own: [ConfigurationProblem] = []) async -> [String] {
            await check(own: own).problems.map(\.description)
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

        @Test("no problem anywhere gives an empty list, and what applies to all three roles, each setting once")
        func fine() async throws {
            try directory.script(
                "worker",
                "[ \"$1\" = check-config ] && [ \"$RUNTIME_DIR\" = /run/x ] && printf 'A\\tgiven\\tx y\\nB\\tdefault\\t\\n'"
            )
            try directory.script("api-gateway", "[ \"$1\" = check-config ] && printf 'A\\tgiven\\tx y\\n'")
            let outcome = await check()
            #expect(outcome.problems.isEmpty)
            #expect(
                outcome.effective == [
                    SettingsReader.Effective(key: "A", value: "x y", isDefault: false),
                    SettingsReader.Effective(key: "B", value: "", isDefault: true),
                ])
        }

        @Test("what the file sets and nobody reads is a problem with its line")
        func unknown() async throws {
            for name in ["worker", "api-gateway"] { try directory.script(name, "printf 'KNOWN\\tgiven\\tx\\n'") }
            let file = SettingsFile(path: "/etc/tb", text: "KNOWN=1\nUNKNOWN=2")
            #expect(
                await check(file: file).problems.map(\.description) == [
                    "UNKNOWN in line 2 of /etc/tb is no setting; see README for their names"
                ])
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
            #expect(await check(directory: "/nowhere").problems.map(\.key) == ["worker", "api-gateway"])
        }
    }
}
