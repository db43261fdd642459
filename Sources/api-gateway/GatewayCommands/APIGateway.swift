package import ArgumentParser

/// Turns HTTP into frames for the workers and frames into HTTP. Started by the supervisor.
package struct APIGateway: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "api-gateway", abstract: "The HTTP side of TorBox Backend; the supervisor starts it.",
        subcommands: [ServeCommand.self, CheckConfigCommand.self])

    package init() {}
}
