import ArgumentParser
import WorkerCore

/// `worker rotate-key`: run by `supervisor rotate-key`, which tells the running workers of the new key between the steps.
struct RotateKey: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate-key", abstract: "Re-encrypt all stored API keys under the current master key.")

    @Flag(help: "Only make the new key current; nothing is re-encrypted yet.")
    var prepare = false

    func run() async throws {
        throw ArgumentParser.ExitCode(await WorkerProcess.rotateKey(preparing: prepare))
    }
}
