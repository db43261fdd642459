import ArgumentParser
import SupervisorCore

/// Says that what many users' rules suddenly match is right. For two hours the breaker stays closed then.
struct LiftBreaker: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lift-breaker",
        abstract: "Let destructive actions go on although many users' rules match far more than before.")

    @OptionGroup var options: SettingsOptions

    func run() async throws {
        try await Operating.run(options) { client in
            let before = try await client.ask(ControlSocket.liftBreaker)
            let open = before.children.count { ($0.gauges["breaker.open"] ?? 0) > 0 }
            print(open == 0 ? "no breaker was open" : "lifted in \(open) workers")
        }
    }
}
