package import ArgumentParser
import ServiceSupport

/// The process that starts, watches and stops all others.
package struct Supervisor: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "supervisor",
        abstract: "Starts, watches and stops the workers and the gateway.", version: BuildVersion.text,
        subcommands: [
            Run.self, CheckConfig.self, Status.self, Scale.self, Reload.self, LiftBreaker.self, Drain.self,
            DoctorCommand.self, RotateKey.self, Backup.self, ExportUser.self, ImportUser.self, Adopt.self,
        ],
        defaultSubcommand: Run.self)

    package init() {}
}
