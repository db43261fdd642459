package import ArgumentParser
import WorkerCore

/// The worker's executable: it serves under a supervisor, and does by itself what needs a database and is not serving.
package struct Worker: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "worker",
        abstract: "Owns users of TorBox Backend: their files, their polls and their requests.",
        subcommands: [
            Serve.self, Migrate.self, CheckConfiguration.self, Evaluate.self, DoctorCommand.self, RotateKey.self,
            Backup.self, ExportUser.self, ImportUser.self, Adopt.self,
        ])

    package init() {}
}
