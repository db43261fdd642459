import ArgumentParser
import SupervisorCore

/// One user as one file; the service may run.
struct ExportUser: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export-user", abstract: "Write one user (rules, history, tags, API key) to one file.")

    @Argument(help: "8 to 64 digits of the id.")
    var user: String

    @Option(help: "The file, which must not exist yet.")
    var to: String

    @OptionGroup var options: SettingsOptions

    func run() async throws { try await Operating.runWorker(options, ["export-user", user, "--to", to]) }
}
