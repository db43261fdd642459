import ArgumentParser
import SupervisorCore

/// The same as SIGHUP, but waits for the outcome.
struct Reload: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check the settings of the running service and replace its gateway and workers one by one.")

    @OptionGroup var options: SettingsOptions

    func run() async throws {
        try await Operating.run(options) { print(StatusTable.text(try await $0.change(ControlSocket.reload))) }
    }
}
