import DomainModel
import Foundation
import Logging
import Observability
import ServiceLifecycle
import ServiceSupport
import UnixSignals

/// The commands of the worker executable. Each returns the process's exit code; standard error says why.
package enum WorkerProcess {
    /// Checks the settings; prints `KEY message` for each problem on standard output, or when there is none and it is
    /// wanted, every setting.
    package static func checkConfiguration(listing: Bool) -> Int32 {
        let reader = SettingsReader.environment()
        do {
            _ = try WorkerConfiguration(reader)
            if listing { for setting in reader.effective { print(setting.line) } }
            return ExitCode.stopped
        } catch {
            print("\(error)")
            return ExitCode.configuration
        }
    }

    /// Prepares the data directory for this version.
    package static func migrate() async -> Int32 {
        await run(label: "worker migrate") { configuration, logger in
            try await DataDirectory.prepare(configuration, now: .now, logger)
        }
    }

    /// One of the two steps of a rotation of the master key, see ``KeyRotationCommand``.
    package static func rotateKey(preparing: Bool) async -> Int32 {
        await run(label: "worker rotate-key") { configuration, logger in
            if preparing {
                try await KeyRotationCommand.prepare(configuration, logger)
            } else {
                try await KeyRotationCommand.run(configuration, now: .now, logger)
            }
        }
    }

    /// Makes, lists, checks or restores backups.
    package static func backup(_ request: BackupRequest) async -> Int32 {
        await run(label: "worker backup") { configuration, logger in
            try await BackupCommand(configuration: configuration, logger: logger).run(request, now: .now)
        }
    }

    /// Writes one user to a file.
    package static func exportUser(_ user: String, to destination: String) async -> Int32 {
        await run(label: "worker export-user") { configuration, logger in
            try await UserTransfer(configuration: configuration, logger: logger).export(user, to: destination)
        }
    }

    /// Takes in a user from such a file.
    package static func importUser(from source: String) async -> Int32 {
        await run(label: "worker import-user") { configuration, logger in
            try await UserTransfer(configuration: configuration, logger: logger).importUser(from: source, now: .now)
        }
    }

    /// Takes in the data directory of a stock backend and prints a report; see ``AdoptionCommand``.
    package static func adopt(from source: String, isDryRun: Bool, asJSON: Bool) async -> Int32 {
        await run(label: "worker adopt") { configuration, logger in
            let command = AdoptionCommand(
                configuration: configuration, logger: logger, source: source, isDryRun: isDryRun)
            try await command.run(asJSON: asJSON, now: .now)
        }
    }

    /// Prints what it finds as a JSON list of ``Finding`` on standard output, progress on standard error.
    package static func doctor() async -> Int32 {
        await run(label: "worker doctor") { configuration, logger in
            let doctor = WorkerDoctor(configuration: configuration, now: .now, logger: logger) { done, count in
                guard done % 1_000 == 0 else { return }
                FileHandle.standardError.write(Data("\(done) of \(count) user files examined\n".utf8))
            }
            let findings = await doctor.examine()
            print(String(decoding: try JSONEncoder().encode(findings), as: UTF8.self))
        }
    }

    /// Serves until the supervisor says stop, or is gone.
    package static func serve(index: Int) async -> Int32 {
        await run(label: "worker \(index)") { configuration, logger in
            let service = WorkerService(index: index, configuration: configuration, logger: logger)
            var group = ServiceGroupConfiguration(
                services: [.init(service: service, successTerminationBehavior: .gracefullyShutdownGroup)],
                gracefulShutdownSignals: [.sigterm], logger: logger)
            group.maximumGracefulShutdownDuration = .seconds(60)
            group.maximumCancellationDuration = .seconds(5)
            try await ServiceGroup(configuration: group).run()
        }
    }

    private static func run(
        label: String, _ body: (WorkerConfiguration, Logger) async throws -> Void
    ) async -> Int32 {
        do {
            let configuration = try WorkerConfiguration(.environment())
            LoggingBootstrap.bootstrap(level: configuration.logLevel, format: configuration.logFormat)
            MetricsRegistry.bootstrap()
            let logger = Logger(label: label)
            do {
                try await body(configuration, logger)
                return ExitCode.stopped
            } catch {
                let failure = StartFailure(error)
                logger.critical("cannot go on", metadata: [LogKey.error: "\(failure)"])
                return failure.exitCode
            }
        } catch {
            FileHandle.standardError.write(Data("\(error)\n".utf8))
            return ExitCode.configuration
        }
    }
}

extension Timestamp {
    /// The system's clock.
    static var now: Timestamp { Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000)) }
}
