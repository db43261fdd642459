import ArgumentParser
import Foundation
import SupervisorCore

/// What runs, and how it fares.
struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Show the processes of the running service.")

    @Flag(help: "Print JSON instead of a table.") var json = false

    @OptionGroup var options: SettingsOptions

    func run() async throws {
        try await Operating.run(options) { client in
            let status = try await client.ask(ControlSocket.status)
            guard json else { return print(StatusTable.text(status)) }
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
            print(String(decoding: try encoder.encode(status), as: UTF8.self))
        }
    }
}
