import Foundation
package import NIOCore
package import ServiceSupport

/// Examines an installation, running or not, and changes nothing.
///
/// What needs a database or TorBox is examined by `worker doctor`, because the supervisor opens neither.
package struct Doctor: Sendable {
    /// Every user file is read as a whole, which takes its time.
    private static let workerLimit: Duration = .seconds(30 * 60)

    private let settings: SupervisorSettings
    private let eventLoop: any EventLoop

    package init(_ settings: SupervisorSettings, eventLoop: any EventLoop) {
        self.settings = settings
        self.eventLoop = eventLoop
    }

    /// All findings, in a constant order.
    package func examine() async -> [Finding] {
        let problems = await ConfigurationCheck(eventLoop: eventLoop).run(settings).problems
        let configuration = settings.configuration
        var findings = [Self.settings(problems)]
        let data = configuration.dataDirectory
        findings.append(DirectoryFinding.find("data directory", at: data, setting: "DATA_DIR"))
        findings.append(
            DirectoryFinding.find("runtime directory", at: configuration.runtimeDirectory, setting: "RUNTIME_DIR"))
        findings += [MachineFindings.disk(at: data), MachineFindings.descriptors(), MachineFindings.clock()]
        findings += await service()
        findings += await worker(isSound: problems.isEmpty)
        return findings
    }

    static func settings(_ problems: [ConfigurationProblem]) -> Finding {
        guard !problems.isEmpty else { return Finding("settings", .ok, "all settings can be used") }
        return Finding(
            "settings", .failed, problems.map { "\($0)" }.joined(separator: "; "),
            fix: "correct them; `supervisor check-config` shows where each value comes from")
    }

    // MARK: - The running service

    private func service() async -> [Finding] {
        do {
            let client = ControlClient(runtimeDirectory: settings.configuration.runtimeDirectory)
            return ServiceFindings.findings(try await client.ask(ControlSocket.status))
        } catch {
            return [
                Finding(
                    "service", .warning, "it does not run, or not with these settings: \(error)",
                    fix: "start it: systemctl start torbox-backend")
            ]
        }
    }

    // MARK: - What the worker examines

    private func worker(isSound: Bool) async -> [Finding] {
        guard isSound else { return [Finding("data", .skipped, "the settings have to be corrected first")] }
        let specification = settings.programs.command(settings.programs.worker, "doctor")
        let command = OneShotCommand(specification: specification, limit: Self.workerLimit, eventLoop: eventLoop)
        do {
            let outcome = try await command.runCapturing()
            return try JSONDecoder().decode([Finding].self, from: Data(outcome.output.utf8))
        } catch {
            return [
                Finding(
                    "data", .failed, "worker doctor gave no findings: \(error)",
                    fix: "run `worker doctor` with the same settings and read what it says")
            ]
        }
    }
}
