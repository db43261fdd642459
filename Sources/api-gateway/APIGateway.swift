import ArgumentParser

/// Turns HTTP into frames for the workers and frames into HTTP. Started by the supervisor.
@main
struct APIGateway: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "api-gateway", abstract: "The HTTP side of TorBox Backend; the supervisor starts it.",
        subcommands: [ServeCommand.self, CheckConfigCommand.self])
}
