import ArgumentParser
import Foundation
import Logging
import Observability
import ServiceSupport
import SupervisorCore

/// `--settings FILE`, which every command takes, because the service is found by its settings.
struct SettingsOptions: ParsableArguments {
    @Option(
        name: .customLong("settings"),
        help: "A file of KEY=VALUE lines; the environment wins over it. Default: SETTINGS_FILE of the environment.")
    var file: String?

    var source: SettingsSource {
        let currentDirectory = FileManager.default.currentDirectoryPath
        var sockets = InheritedSockets()
        var problems: [ConfigurationProblem] = []
        do throws(ConfigurationProblem) { sockets = try InheritedSockets.received() } catch { problems = [error] }
        return SettingsSource(
            environment: ProcessInfo.processInfo.environment, file: file, currentDirectory: currentDirectory,
            programDirectory: ChildPrograms.ownDirectory() ?? currentDirectory, sockets: sockets,
            socketProblems: problems)
    }
}

extension SupervisorSettings {
    /// One line a setting, and where it comes from.
    func log(to logger: Logger) {
        for setting in effective where !setting.value.isEmpty {
            logger.info(
                "setting",
                metadata: [
                    LogKey.key: "\(setting.key)", LogKey.value: "\(setting.value)",
                    LogKey.reason: "\(origin(of: setting.key))",
                ])
        }
    }
}
