import ArgumentParser
import SupervisorCore

/// Another number of workers, while serving. Holds until the supervisor restarts; `WORKERS` counts from then on.
struct Scale: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Change the number of workers of the running service.")

    @Argument(help: "Worker processes, 1 to 256.") var workers: Int

    @OptionGroup var options: SettingsOptions

    func run() async throws {
        try await Operating.run(options) { client in
            let status = try await client.change(ControlSocket.scale, parameters: ["workers": String(workers)])
            print(StatusTable.text(status))
        }
    }
}
