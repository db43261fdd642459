import ArgumentParser
import WorkerCore

/// `worker backup`: copies of everything, made while the service runs.
struct Backup: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make, list, check and restore backups of registry and user files.",
        subcommands: [Create.self, List.self, Verify.self, Restore.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Copy registry and user files; the service may run.")

        @Option(help: "Only this user's file: 8 to 64 digits of the id.")
        var user: String?

        func run() async throws { throw ExitCode(await WorkerProcess.backup(.create(user: user))) }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the backups, oldest first.")

        func run() async throws { throw ExitCode(await WorkerProcess.backup(.list)) }
    }

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Compare sizes and checksums, open every copy and check it; exit 65 when anything is wrong.")

        @Argument(help: "A name that `list` shows; all of them when left out.")
        var name: String?

        func run() async throws { throw ExitCode(await WorkerProcess.backup(.verify(name: name))) }
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

        func run() async throws {
            throw ExitCode(await WorkerProcess.backup(.restore(name: name, user: user, destination: to)))
        }
    }
}
