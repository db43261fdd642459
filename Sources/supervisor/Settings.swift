import Foundation
import Logging
import Observability
import ServiceSupport
import SupervisorCore

/// What the environment says, read once.
struct Settings {
    var configuration: SupervisorConfiguration
    var problems: [ConfigurationProblem]
    var programs: ChildPrograms
    private var effective: [SettingsReader.Effective]

    static func read() -> Settings {
        let reader = SettingsReader.environment()
        let currentDirectory = FileManager.default.currentDirectoryPath
        let configuration = SupervisorConfiguration(
            reader: reader, currentDirectory: currentDirectory, processID: ProcessInfo.processInfo.processIdentifier)
        let programs = ChildPrograms(
            directory: ChildPrograms.ownDirectory() ?? currentDirectory,
            environment: ProcessInfo.processInfo.environment, runtimeDirectory: configuration.runtimeDirectory)
        return Settings(
            configuration: configuration, problems: reader.problems, programs: programs, effective: reader.effective)
    }

    /// One line a setting, and whether it is the default.
    func log(to logger: Logger) {
        for setting in effective where !setting.value.isEmpty {
            logger.info(
                "setting",
                metadata: [
                    LogKey.key: "\(setting.key)", LogKey.value: "\(setting.value)",
                    LogKey.reason: setting.isDefault ? "default" : "environment",
                ])
        }
    }
}
