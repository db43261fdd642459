import ArgumentParser
import Foundation
import NIOPosix
import ServiceSupport
import SupervisorCore

/// A new master key, with the service running: new key, reload so that all workers have it, then everything re-encrypted.
struct RotateKey: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate-key",
        abstract: "Re-encrypt all stored API keys under a new master key; both are readable meanwhile.",
        discussion: """
            Without ENCRYPTION_KEY a new key file is made and the old one kept beside it. With it, set ENCRYPTION_KEY to the new \
            key and ENCRYPTION_KEY_PREVIOUS to the old one, here and for the service. Interrupted, run it again.
            """)

    func run() async throws {
        let programs = Settings.read().programs
        let work = WorkerCommand(programs: programs, eventLoop: MultiThreadedEventLoopGroup.singleton.next())
        try await leave(with: work.run(["rotate-key", "--prepare"]))
        try await Operating.reloadIfRunning()
        try await leave(with: work.run(["rotate-key"]))
    }

    private func leave(with exitCode: Int32) throws {
        guard exitCode == ServiceSupport.ExitCode.stopped else { throw ArgumentParser.ExitCode(exitCode) }
    }
}
