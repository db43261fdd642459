import ArgumentParser
import Foundation
import NIOPosix
import ServiceSupport
import SupervisorCore

/// Asks the running supervisor, which is found by the same settings.
enum Operating {
    /// Prints what went wrong on standard error and leaves with its exit code; 75 when nothing runs.
    static func run(_ options: SettingsOptions, _ body: (ControlClient) async throws -> Void) async throws {
        do {
            try await body(ControlClient(runtimeDirectory: options.source.read().configuration.runtimeDirectory))
        } catch let error as SupervisorError {
            FileHandle.standardError.write(Data("\(error)\n".utf8))
            throw ArgumentParser.ExitCode(error.exitCode)
        }
    }

    /// Runs a command of the worker to its end; leaves with its exit code unless that is 0.
    static func runWorker(_ options: SettingsOptions, _ arguments: [String]) async throws {
        let eventLoop = MultiThreadedEventLoopGroup.singleton.next()
        let work = WorkerCommand(programs: options.source.read().programs, eventLoop: eventLoop)
        let exitCode = try await work.run(arguments)
        guard exitCode == ServiceSupport.ExitCode.stopped else { throw ArgumentParser.ExitCode(exitCode) }
    }

    /// Lets running workers learn of what was changed beside them; says so when nothing runs.
    static func reloadIfRunning(_ options: SettingsOptions) async throws {
        let client = ControlClient(runtimeDirectory: options.source.read().configuration.runtimeDirectory)
        do {
            print(StatusTable.text(try await client.change(ControlSocket.reload)))
        } catch let error as SupervisorError where error.code == .notRunning {
            print("the service does not run; its next start knows")
        }
    }
}
