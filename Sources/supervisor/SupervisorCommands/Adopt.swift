import ArgumentParser
import SupervisorCore

/// Moving in from a stock backend. Not while the service runs: every user's file and registration may be new to it.
struct Adopt: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Take in the data directory of a stock backend; it is only read, and the service must not run.",
        discussion: """
            Copies and checks each user's file, brings it into this service's form, and registers the user with the API key. \
            Interrupted, run it again. Exit code 65 when users were left out, which the report names.
            """)

    @Option(help: "The stock data directory: master.db, users, uploads.")
    var from: String

    @Flag(name: .customLong("dry-run"), help: "Do everything on copies that are thrown away, and report.")
    var dryRun = false

    @Flag(help: "Print the report as JSON, with every finding.")
    var json = false

    @OptionGroup var options: SettingsOptions

    func run() async throws {
        let flags = (dryRun ? ["--dry-run"] : []) + (json ? ["--json"] : [])
        try await Operating.runWorker(options, ["adopt", "--from", from] + flags)
    }
}
