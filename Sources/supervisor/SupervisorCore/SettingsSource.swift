import Foundation
package import ServiceSupport

/// Where settings come from: the environment, which cannot change under a running process, and a file, which can.
package struct SettingsSource: Sendable {
    package static let fileKey = "SETTINGS_FILE"

    /// As the process was started; wins over the file. An empty value counts as not set.
    private let environment: [String: String]
    /// Absolute; nil when there is no file.
    package let file: String?
    private let currentDirectory: String
    private let sockets: InheritedSockets
    private let socketProblems: [ConfigurationProblem]
    private let programDirectory: String

    /// - Parameters:
    ///   - file: from the command line; else `SETTINGS_FILE` of the environment counts.
    ///   - sockets: what systemd handed over, with what is wrong with that.
    ///   - programDirectory: where the other executables are.
    package init(
        environment: [String: String], file: String?, currentDirectory: String, programDirectory: String,
        sockets: InheritedSockets = InheritedSockets(), socketProblems: [ConfigurationProblem] = []
    ) {
        self.environment = environment.filter { !$0.value.isEmpty }
        self.file = (file ?? self.environment[Self.fileKey]).map {
            $0.hasPrefix("/") ? $0 : "\(currentDirectory)/\($0)"
        }
        self.currentDirectory = currentDirectory
        self.sockets = sockets
        self.socketProblems = socketProblems
        self.programDirectory = programDirectory
    }

    /// Reads everything anew.
    package func read() -> SupervisorSettings {
        let file = file.map(SettingsFile.read)
        let fromFile = Dictionary((file?.entries ?? []).map { ($0.key, $0.value) }) { first, _ in first }
        let variables = fromFile.merging(environment) { _, own in own }
        let reader = SettingsReader.variables(variables)
        let configuration = SupervisorConfiguration(
            reader: reader, currentDirectory: currentDirectory, sockets: sockets)
        var problems = (file?.problems ?? []) + socketProblems + reader.problems
        if let entry = file?[Self.fileKey] {
            problems.append(
                ConfigurationProblem(
                    key: Self.fileKey, message: "is in line \(entry.line) of itself; give it in the environment"))
        }
        return SupervisorSettings(
            configuration: configuration, problems: problems,
            programs: ChildPrograms(
                directory: programDirectory, environment: variables,
                runtimeDirectory: configuration.runtimeDirectory),
            effective: reader.effective, variables: variables, environmentKeys: Set(environment.keys), file: file,
            credentialKeys: Set(Credentials.read(in: variables[Credentials.directoryVariable]).values.keys))
    }
}
