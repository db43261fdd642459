import ArgumentParser
import Foundation
import SupervisorCore

/// Asks the running supervisor, which is found by the same settings.
enum Operating {
    /// Prints what went wrong on standard error and leaves with its exit code; 75 when nothing runs.
    static func run(_ options: SettingsOptions, _ body: (ControlClient) async throws -> Void) async throws {
        do {
            try await body(ControlClient(runtimeDirectory: options.source.read().configuration.runtimeDirectory))
        } catch let error as SupervisorError {
            FileHandle.standardError.write(Data("\(error)\n".utf8))
            throw ExitCode(error.exitCode)
        }
    }
}
