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

    /// Lets running workers learn of what was changed beside them; says so when nothing runs.
    static func reloadIfRunning() async throws {
        let client = ControlClient(runtimeDirectory: Settings.read().configuration.runtimeDirectory)
        do {
            print(StatusTable.text(try await client.change(ControlSocket.reload)))
        } catch let error as SupervisorError where error.code == .notRunning {
            print("the service does not run; its next start knows")
        }
    }
}
