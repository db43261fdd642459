import ArgumentParser
import SupervisorCore

/// Takes in a user from a file; running workers are replaced one by one so that they know.
struct ImportUser: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import-user", abstract: "Take in a user from a file that export-user wrote.",
        discussion: "A user who has a file here already is not touched. A running service is reloaded afterwards.")

    @Argument(help: "The file.")
    var file: String

    @OptionGroup var options: SettingsOptions

    func run() async throws {
        try await Operating.runWorker(options, ["import-user", file])
        try await Operating.reloadIfRunning(options)
    }
}
