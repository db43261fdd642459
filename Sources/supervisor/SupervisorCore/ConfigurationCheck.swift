package import NIOCore
package import ServiceSupport

/// Everything that is wrong with the configuration of all three roles, in one list, and everything that applies.
package struct ConfigurationCheck: Sendable {
    package struct Outcome: Sendable, Equatable {
        package var problems: [ConfigurationProblem] = []
        /// What applies, each key once, in the order of the roles; incomplete when there are problems.
        package var effective: [SettingsReader.Effective] = []
    }

    /// The longest that a child may take to read its settings.
    private static let limit: Duration = .seconds(30)

    private let eventLoop: any EventLoop

    package init(eventLoop: any EventLoop) { self.eventLoop = eventLoop }

    /// The supervisor's own first, then the worker's and the gateway's; what several report is there once.
    package func run(_ settings: SupervisorSettings) async -> Outcome {
        async let worker = outcome(of: "worker", settings.programs, settings.programs.worker)
        async let gateway = outcome(of: "api-gateway", settings.programs, settings.programs.gateway)
        let own = Outcome(problems: settings.problems, effective: settings.effective)
        var result = Outcome()
        for outcome in await [own, worker, gateway] {
            for problem in outcome.problems where !result.problems.contains(problem) { result.problems.append(problem) }
            for setting in outcome.effective where !result.effective.contains(where: { $0.key == setting.key }) {
                result.effective.append(setting)
            }
        }
        // Whoever could not read the settings has not named them either.
        if result.problems.isEmpty { result.problems = settings.unknown(among: Set(result.effective.map(\.key))) }
        return result
    }

    private func outcome(of name: String, _ programs: ChildPrograms, _ executable: String) async -> Outcome {
        let specification = programs.command(executable, "check-config", "--list")
        let command = OneShotCommand(specification: specification, limit: Self.limit, eventLoop: eventLoop)
        do {
            return Self.outcome(of: name, try await command.runCapturing())
        } catch {
            return Self.problem(name, "\(error); install it beside the supervisor")
        }
    }

    /// One problem a line, `KEY message`, and exit code 78; or one setting a line, see ``SettingsReader/Effective/line``,
    /// and 0.
    static func outcome(of name: String, _ outcome: OneShotCommand.Outcome) -> Outcome {
        let lines = outcome.output.split(whereSeparator: \.isNewline)
        switch outcome.status {
        case .exited(ExitCode.stopped):
            return Outcome(effective: lines.compactMap { SettingsReader.Effective(line: String($0)) })
        case .exited(ExitCode.configuration) where lines.isEmpty:
            return problem(name, "check-config refused the settings without a reason")
        case .exited(ExitCode.configuration): return Outcome(problems: lines.map(problem))
        default: return problem(name, "check-config failed with \(outcome.status)")
        }
    }

    private static func problem(_ key: String, _ message: String) -> Outcome {
        Outcome(problems: [ConfigurationProblem(key: key, message: message)])
    }

    private static func problem(_ line: Substring) -> ConfigurationProblem {
        let parts = line.split(separator: " ", maxSplits: 1)
        return ConfigurationProblem(
            key: parts.first.map(String.init) ?? "", message: parts.count > 1 ? String(parts[1]) : "is refused")
    }
}
