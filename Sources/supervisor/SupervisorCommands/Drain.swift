import ArgumentParser
import SupervisorCore

/// The same as SIGTERM, but waits for the end.
struct Drain: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Stop the running service in order.")

    @OptionGroup var options: SettingsOptions

    func run() async throws {
        try await Operating.run(options) { client in
            try await client.drain()
            print("drained")
        }
    }
}
