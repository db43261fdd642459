import Testing

@testable import SupervisorCore

@Suite struct ChildProgramsTests {
    private let programs = ChildPrograms(
        directory: "/opt/tb",
        environment: [
            "PORT": "3001", "LISTEN_FDS": "1", "LISTEN_PID": "42", "NOTIFY_SOCKET": "/run/n", "RUNTIME_DIR": "run",
        ],
        runtimeDirectory: "/srv/run")

    @Test("a worker is told its index and its channel, and nothing that is meant for the supervisor") func worker() {
        let specification = programs.specification(of: .worker(3))
        #expect(specification.executable == "/opt/tb/worker")
        #expect(specification.arguments == ["serve", "--index", "3"])
        #expect(
            specification.environment == ["PORT": "3001", "RUNTIME_DIR": "/srv/run", "TORBOX_CONTROL_FD": "3"])
    }

    @Test("the gateway is told the listening socket as well") func gateway() {
        let specification = programs.specification(of: .gateway)
        #expect(specification.executable == "/opt/tb/api-gateway")
        #expect(specification.arguments == ["serve"])
        #expect(specification.environment["TORBOX_LISTEN_FD"] == "4")
    }

    @Test("a one-shot command gets no channel") func command() {
        let specification = programs.command(programs.worker, "migrate")
        #expect(specification.arguments == ["migrate"])
        #expect(specification.environment["TORBOX_CONTROL_FD"] == nil)
    }
}
