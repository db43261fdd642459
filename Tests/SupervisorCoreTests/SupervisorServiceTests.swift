import Glibc
import NIOPosix
import ServiceSupport
import Testing

@testable import SupervisorCore

extension SpawningTests {
    @Suite(.timeLimit(.minutes(2))) struct SupervisorServiceTests {
        private let children: FakeChildren
        private let log = RecordedLog()
        private let stop = StopRequests()

        init() throws { children = try FakeChildren() }

        /// Backoff in the range of milliseconds, everything else as in production unless a test says otherwise.
        private func limits() -> SupervisorLimits {
            var limits = SupervisorLimits()
            limits.portPatience = .zero
            limits.child.restart.backoff = Backoff(base: .milliseconds(10), cap: .milliseconds(50))
            return limits
        }

        private func run(
            workers: Int = 2, problems: [ConfigurationProblem] = [], limits: SupervisorLimits? = nil,
            shutdownTimeout: Duration = .seconds(30), whenReady: () async throws -> Void = {}
        ) async throws -> Int32 {
            let settings = SupervisorSettings(
                configuration: children.configuration(workers: workers, shutdownTimeout: shutdownTimeout),
                problems: problems, programs: children.programs)
            let service = SupervisorService(
                settings, source: { settings }, limits: limits ?? self.limits(),
                eventLoop: MultiThreadedEventLoopGroup.singleton.next(), logger: log.logger)
            async let exitCode = service.run(until: stop)
            do { try await whenReady() } catch { stop.request(.kill) }
            return await exitCode
        }

        private func isReady() async throws {
            try await eventually("supervisor ready") { log.count("supervisor ready") == 1 }
        }

        private func pid(of child: String) throws -> Int32 {
            let line = try #require(
                log.lines.last { $0.contains("child started") && $0.contains("child.id=\(child) ") })
            let digits = try #require(line.split(separator: "child.pid=").last).prefix { $0.isNumber }
            return try #require(Int32(digits))
        }

        @Test("boot goes check, migrate, workers, gateway; a request to stop drains all and exits 0")
        func bootAndDrain() async throws {
            let exitCode = try await run {
                try await isReady()
                stop.request(.drain)
            }
            #expect(exitCode == 0)
            let starts = children.directory.text("worker.starts").split(separator: "\n")
            #expect(starts.prefix(2) == ["check-config", "migrate"])
            #expect(Set(starts.dropFirst(2)) == ["serve 0", "serve 1"])
            #expect(children.directory.text("api-gateway.starts") == "check-config\nserve\n")
            let drained = log.lines.filter { $0.contains("child drained") }
            #expect(drained.count == 3)
            #expect(drained.first?.contains("gateway") == true)
            #expect(log.count("error") == 0)
        }

        @Test("a killed worker and a killed gateway are started again and get the map again")
        func restarts() async throws {
            let exitCode = try await run {
                try await isReady()
                for child in ["worker-1", "gateway"] {
                    let before = try pid(of: child)
                    kill(before, SIGKILL)
                    try await eventually("\(child) is ready again") {
                        log.count("child ready", "child.id=\(child) ") == 2
                    }
                    let name = child == "gateway" ? "api-gateway" : "worker"
                    let received = "in.\(name).\(try pid(of: child))"
                    try await eventually("the map arrives") { children.directory.text(received).contains("assign") }
                }
                stop.request(.drain)
            }
            #expect(exitCode == 0)
            #expect(log.count("child died", "signal 9") == 2)
            #expect(log.count("child restarts", "attempt=1") == 2)
        }

        @Test("a gateway that crashes over and over ends the house with 75")
        func gatewayCrashLoop() async throws {
            try children.gateway(serve: "exit 70")
            #expect(try await run() == 75)
            #expect(log.count("child quarantined", "gateway") == 1)
            #expect(log.count("child drained", "worker") == 2)
        }

        @Test("a worker that exits 78 ends the house with 78, its reason in the log, and is not started again")
        func configurationOfWorker() async throws {
            try children.worker(
                serve: "say hello; [ $index = 1 ] && { say failed; exit 78; }\n\(FakeChildren.wellBehaved)")
            #expect(try await run() == 78)
            #expect(log.count("child reported a failure", "the key does not fit") == 1)
            #expect(children.directory.text("worker.starts").split(separator: "\n").count { $0 == "serve 1" } == 1)
        }

        @Test("a worker that neither drains nor heeds TERM is killed when the time is over")
        func stubborn() async throws {
            try children.worker(
                serve: "trap '' TERM; say hello; say ready; while :; do say alive; sleep 0.05; done 2>/dev/null")
            let exitCode = try await run(workers: 1, shutdownTimeout: .milliseconds(400)) {
                try await isReady()
                stop.request(.drain)
            }
            #expect(exitCode == 0)
            #expect(log.count("child killed", "worker-0") == 1)
        }

        @Test("a second request does not wait for the drain")
        func killNow() async throws {
            try children.worker(
                serve: "trap '' TERM; say hello; say ready; while :; do say alive; sleep 0.05; done 2>/dev/null")
            let exitCode = try await run(workers: 1, shutdownTimeout: .seconds(3_600)) {
                try await isReady()
                stop.request(.drain)
                try await eventually("the drain has begun") { log.count("supervisor draining") == 1 }
                stop.request(.kill)
            }
            #expect(exitCode == 0)
        }

        @Test("a worker that stops checking in is aborted and started again")
        func hung() async throws {
            try children.worker(
                serve: """
                    say hello; say ready
                    [ -e $d/hung ] || { : > $d/hung; exec sleep 300; }
                    \(FakeChildren.wellBehaved)
                    """)
            var limits = limits()
            limits.child.hung = .milliseconds(1_500)
            let exitCode = try await run(workers: 1, limits: limits) {
                try await eventually("a second life") { log.count("child ready", "worker-0") == 2 }
                stop.request(.drain)
            }
            #expect(exitCode == 0)
            #expect(log.count("child hangs and is aborted") == 1)
            #expect(log.count("child died", "signal 6") == 1)
        }

        @Test("problems of the settings are all logged, nothing is started, and the exit code is 78")
        func badConfiguration() async throws {
            try children.worker(check: "echo 'POLL is odd'; exit 78")
            let own = ConfigurationProblem(key: "WORKERS", message: "is \"many\"")
            #expect(try await run(problems: [own]) == 78)
            #expect(log.count("configuration problem") == 2)
            #expect(log.count("key=WORKERS") == 1)
            #expect(log.count("key=POLL") == 1)
            #expect(!children.directory.exists("data"))
        }

        @Test("a migration that fails keeps its meaning", arguments: [(78, 78), (75, 75), (70, 75), (139, 75)])
        func failedMigration(code: Int, expected: Int32) async throws {
            try children.worker(migrate: "exit \(code)")
            #expect(try await run() == expected)
            #expect(log.count("worker migrate failed with exit code \(code)") == 1)
            #expect(!children.directory.text("worker.starts").contains("serve"))
        }

        @Test("a request to stop during the migration ends it and exits 0")
        func stopsWhileMigrating() async throws {
            try children.worker(migrate: ": > $d/migrating; exec sleep 300")
            let exitCode = try await run {
                try await eventually("the migration runs") { children.directory.exists("migrating") }
                stop.request(.drain)
            }
            #expect(exitCode == 0)
            #expect(!children.directory.text("worker.starts").contains("serve"))
        }

        @Test(
            "a reload gives children what the file says by then; a bad file, or a value that cannot change, changes nothing"
        )
        func reloadsSettings() async throws {
            try children.directory.write("GREETING=first\n", to: "settings")
            for name in ["worker", "api-gateway"] {
                let noted = "echo $GREETING >> $d/\(name).greetings\n\(FakeChildren.wellBehaved)"
                let check = "printf 'GREETING\\tgiven\\tx\\nENCRYPTION_SALT\\tgiven\\t\\n'; exit 0"
                if name == "worker" {
                    try children.worker(serve: noted, check: check)
                } else {
                    try children.gateway(serve: noted, check: check)
                }
            }
            let source = children.source(file: "settings")
            let (hangUps, hangUp) = AsyncStream<Void>.makeStream()
            let service = SupervisorService(
                source.read(), source: source.read, limits: limits(),
                eventLoop: MultiThreadedEventLoopGroup.singleton.next(), hangUps: hangUps, logger: log.logger)
            async let exitCode = service.run(until: stop)
            do {
                try await isReady()
                for (text, reason) in [
                    ("GREETING", "without"), ("GREETING=x\nENCRYPTION_SALT=other", "cannot change while"),
                    ("GRETING=x", "is no setting"),
                ] {
                    try children.directory.write(text, to: "settings")
                    hangUp.yield()
                    try await eventually("refused, \(reason)") { log.count("reload refused", reason) == 1 }
                }
                try children.directory.write("GREETING=second\n", to: "settings")
                hangUp.yield()
                try await eventually("new processes") {
                    children.directory.text("worker.greetings") == "first\nsecond\n"
                        && children.directory.text("api-gateway.greetings") == "first\nsecond\n"
                }
            } catch {
                stop.request(.kill)
            }
            stop.request(.drain)
            #expect(await exitCode == 0)
        }

        @Test(
            "a worker that the new settings stop from starting is started by the old ones again, and the house stands")
        func revertsSettings() async throws {
            try children.directory.write("GREETING=first\n", to: "settings")
            let check = "printf 'GREETING\\tgiven\\tx\\n'; exit 0"
            try children.worker(
                serve: """
                    echo $GREETING >> $d/worker.greetings
                    [ $GREETING = second ] && { say hello; say failed; exit 78; }
                    \(FakeChildren.wellBehaved)
                    """, check: check)
            try children.gateway(
                serve: "echo $GREETING >> $d/gateway.greetings\n\(FakeChildren.wellBehaved)", check: check)
            let source = children.source(file: "settings")
            let (hangUps, hangUp) = AsyncStream<Void>.makeStream()
            let service = SupervisorService(
                source.read(), source: source.read, limits: limits(),
                eventLoop: MultiThreadedEventLoopGroup.singleton.next(), hangUps: hangUps, logger: log.logger)
            async let exitCode = service.run(until: stop)
            do {
                try await isReady()
                try children.directory.write("GREETING=second\n", to: "settings")
                hangUp.yield()
                try await eventually("put back") { log.count("change failed", "worker-0 did not become ready") == 1 }
            } catch {
                stop.request(.kill)
            }
            stop.request(.drain)
            #expect(await exitCode == 0)
            #expect(children.directory.text("worker.greetings") == "first\nsecond\nfirst\n")
            #expect(children.directory.text("gateway.greetings") == "first\nsecond\nfirst\n")
        }

        @Test("a second supervisor on the same data directory exits 75 and starts nothing")
        func alreadyRunning() async throws {
            let data = "\(children.directory.path)/data"
            try PrivateDirectory.prepare(data, key: "DATA_DIR")
            let lock = try DataDirectoryLock(directory: data)
            #expect(try await run() == 75)
            #expect(log.count("another supervisor", "already_running") == 1)
            withExtendedLifetime(lock) {}
        }
    }
}
