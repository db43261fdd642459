import ArgumentParser
import SupervisorCore

/// A new master key, with the service running: new key, reload so that all workers have it, then everything re-encrypted.
struct RotateKey: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate-key",
        abstract: "Re-encrypt all stored API keys under a new master key; both are readable meanwhile.",
        discussion: """
            Without ENCRYPTION_KEY a new key file is made and the old one kept beside it. With it, set ENCRYPTION_KEY to the new \
            key and ENCRYPTION_KEY_PREVIOUS to the old one and restart first. Interrupted, run it again.
            """)

    @OptionGroup var options: SettingsOptions

    func run() async throws {
        try await Operating.runWorker(options, ["rotate-key", "--prepare"])
        try await Operating.reloadIfRunning(options)
        try await Operating.runWorker(options, ["rotate-key"])
    }
}
