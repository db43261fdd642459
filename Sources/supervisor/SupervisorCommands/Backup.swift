import ArgumentParser
import SupervisorCore

/// `supervisor backup …`: passes on to `worker backup …`, which opens databases where we do not.
struct Backup: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make, list, check and restore backups of registry and user files.",
        discussion: "Copies are consistent and made while the service runs. Nothing is ever overwritten.",
        subcommands: [Create.self, List.self, Verify.self, Restore.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Copy registry and user files; the service may run.")

        @Option(help: "Only this user's file: 8 to 64 digits of the id.")
        var user: String?

        @OptionGroup var options: SettingsOptions

        func run() async throws {
            try await Operating.runWorker(options, ["backup", "create"] + (user.map { ["--user", $0] } ?? []))
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the backups, oldest first.")

        @OptionGroup var options: SettingsOptions

        func run() async throws { try await Operating.runWorker(options, ["backup", "list"]) }
    }

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Compare sizes and checksums, open every copy and check it; exit 65 when anything is wrong.")

        @Argument(help: "A name that `list` shows; all of them when left out.")
        var name: String?

        @OptionGroup var options: SettingsOptions

        func run() async throws {
            try await Operating.runWorker(options, ["backup", "verify"] + (name.map { [$0] } ?? []))
        }
    }

    struct Restore: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Put one user's file, or everything, where nothing is. Nothing is overwritten.")

        @Argument(help: "A name that `list` shows.")
        var name: String

        @Option(help: "Only this user: 8 to 64 digits of the id.")
        var user: String?

        @Option(help: "Where to: a file for a user (default: its place), a new data directory for everything.")
        var to: String?

        @OptionGroup var options: SettingsOptions

        func run() async throws {
            let arguments = ["backup", "restore", name]
            let choices = (user.map { ["--user", $0] } ?? []) + (to.map { ["--to", $0] } ?? [])
            try await Operating.runWorker(options, arguments + choices)
        }
    }
}
