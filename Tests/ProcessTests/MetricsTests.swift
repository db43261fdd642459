import DomainModel
import Foundation
import NIOHTTP1
import ServiceHarness
import Testing
import TorBoxSimulator

/// The page of metrics of the whole running service.
@Suite(.timeLimit(.minutes(3))) struct MetricsTests {
    @Test("one page has the series of all processes, and Prometheus' own parser takes it without a complaint")
    func page() async throws {
        let fixture = try await Fixture.start(environment: ["METRICS_ADDRESS": "127.0.0.1:0"])
        let key = try await fixture.addUser(1, rows: [])
        try await fixture.saveRules(
            [RuleText.rule("never", action: "stop_seeding", conditions: RuleText.never)], key: key)
        let metrics = RESTClient(baseURL: try #require(Self.address(fixture)))
        var page = ""
        let isPolled = try await eventually(within: .seconds(30)) {
            page = try await metrics.send(.GET, "/metrics").body
            return page.contains("torbox_polls_total{") && page.contains("torbox_child_loop_lag_seconds{")
        }
        #expect(isPolled, "\(page)")
        for process in ["supervisor", "gateway", "worker-0", "worker-1"] {
            #expect(page.contains("process_resident_memory_bytes{process=\"\(process)\"}"), "\(process)")
        }
        for child in ["supervisor", "worker-0", "worker-1"] {
            #expect(page.contains("torbox_scrape_success{process=\"gateway\",child=\"\(child)\"} 1"), "\(child)")
        }
        #expect(page.contains("route=\"/api/automation/rules\""))
        #expect(!page.contains(AuthID.of(key).prefix(8)), "a user's id is no label")
        let unknown = try await metrics.send(.GET, "/health")
        #expect(unknown.status == 404)
        try checkNames(page)
        try checkWithPromtool(page)
        #expect(try await fixture.stop().exitCode == 0)
    }

    /// Alerts and dashboard ask only for what is there. Series that need an event (an action, say) are known by name.
    private func checkNames(_ page: String) throws {
        let eventful: Set<String> = ["torbox_actions_total"]
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "monitoring")
        for file in ["alerts.yml", "dashboard.json"] {
            let text = try String(contentsOf: root.appending(path: file), encoding: .utf8)
            for match in text.matches(of: /\b(torbox_[a-z_]+|process_[a-z]+_[a-z_]+)\b/) {
                let name = String(match.1)
                #expect(page.contains("\n\(name)") || eventful.contains(name), "\(file) asks for \(name)")
            }
        }
    }

    private func checkWithPromtool(_ page: String) throws {
        guard let promtool = Promtool.path else { return }
        let outcome = try Promtool.run(promtool, ["check", "metrics"], input: page)
        #expect(outcome.exitCode == 0, "\(outcome.text)")
    }

    private static func address(_ fixture: Fixture) -> String? {
        let line = fixture.service.lines.first { $0.contains("metrics socket open") }
        return line?.split(separator: "address=").last.map { "http://" + $0.prefix { $0 != " " } }
    }
}

/// The files for Prometheus, checked by Prometheus' own tool.
@Suite(.enabled(if: Promtool.path != nil, "needs promtool, Debian's package prometheus")) struct MonitoringFileTests {
    @Test(
        "configuration, alerts and their tests pass",
        arguments: [
            ["check", "rules", "alerts.yml"], ["test", "rules", "alerts_test.yml"],
            ["check", "config", "prometheus.yml"],
        ])
    func promtool(arguments: [String]) throws {
        let directory = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "monitoring")
        let outcome = try Promtool.run(try #require(Promtool.path), arguments, directory: directory)
        #expect(outcome.exitCode == 0, "\(outcome.text)")
    }

    @Test("the dashboard is JSON that Grafana takes: panels with targets, ids once each")
    func dashboard() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "monitoring/dashboard.json")
        let json = try JSONDecoder().decode(JSONValue.self, from: Data(contentsOf: file))
        let panels = json["panels"]?.arrayValue ?? []
        #expect(panels.count > 10)
        #expect(Set(panels.compactMap { $0["id"]?.integerValue }).count == panels.count)
        #expect(panels.allSatisfy { ($0["targets"]?.arrayValue ?? []).isEmpty == false })
    }
}

/// Prometheus' tool, when it is installed.
enum Promtool {
    static let path = ["/usr/bin/promtool", "/usr/local/bin/promtool"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    static func run(
        _ program: String, _ arguments: [String], input: String = "", directory: URL? = nil
    ) throws -> (exitCode: Int32, text: String) {
        let scratch = try TemporaryDirectory()
        let (given, taken) = ("\(scratch.path)/in", "\(scratch.path)/out")
        try Data(input.utf8).write(to: URL(filePath: given))
        _ = FileManager.default.createFile(atPath: taken, contents: nil)
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.currentDirectoryURL = directory
        process.standardInput = try FileHandle(forReadingFrom: URL(filePath: given))
        let output = try FileHandle(forWritingTo: URL(filePath: taken))
        process.standardOutput = output
        process.standardError = output
        try process.run()
        process.waitUntilExit()
        return (process.terminationStatus, try String(contentsOfFile: taken, encoding: .utf8))
    }
}
