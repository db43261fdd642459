import ArgumentParser
import SupervisorCore

/// The same as SIGTERM, but waits for the end.
struct Drain: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Stop the running service in order.")

    func run() async throws {
        try await Operating.run { client in
            try await client.drain()
            print("drained")
        }
    }
}
