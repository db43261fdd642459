package import NIOCore
package import ServiceSupport

/// Everything that is wrong with the configuration of all three roles, in one list.
package struct ConfigurationCheck: Sendable {
    /// The longest that a child may take to read its settings.
    private static let limit: Duration = .seconds(30)

    private let programs: ChildPrograms
    private let eventLoop: any EventLoop

    package init(programs: ChildPrograms, eventLoop: any EventLoop) {
        self.programs = programs
        self.eventLoop = eventLoop
    }

    /// `own` first, then the worker's and the gateway's; what several report is there once.
    package func problems(own: [ConfigurationProblem]) async -> [ConfigurationProblem] {
        async let worker = problems(of: "worker", programs.worker)
        async let gateway = problems(of: "api-gateway", programs.gateway)
        var result: [ConfigurationProblem] = []
        for problem in await own + worker + gateway where !result.contains(problem) { result.append(problem) }
        return result
    }

    private func problems(of name: String, _ executable: String) async -> [ConfigurationProblem] {
        let specification = programs.command(executable, "check-config")
        let command = OneShotCommand(specification: specification, limit: Self.limit, eventLoop: eventLoop)
        do {
            let outcome = try await command.runCapturing()
            return Self.problems(of: name, outcome)
        } catch {
            return [ConfigurationProblem(key: name, message: "\(error); install it beside the supervisor")]
        }
    }

    /// One problem a line, `KEY message`, and exit code 78; nothing to say and 0 otherwise.
    static func problems(of name: String, _ outcome: OneShotCommand.Outcome) -> [ConfigurationProblem] {
        switch outcome.status {
        case .exited(ExitCode.stopped): return []
        case .exited(ExitCode.configuration):
            let lines = outcome.output.split(whereSeparator: \.isNewline).map(Self.problem)
            return lines.isEmpty
                ? [ConfigurationProblem(key: name, message: "check-config refused the settings without a reason")]
                : lines
        default:
            return [ConfigurationProblem(key: name, message: "check-config failed with \(outcome.status)")]
        }
    }

    private static func problem(_ line: Substring) -> ConfigurationProblem {
        let parts = line.split(separator: " ", maxSplits: 1)
        return ConfigurationProblem(
            key: parts.first.map(String.init) ?? "", message: parts.count > 1 ? String(parts[1]) : "is refused")
    }
}
