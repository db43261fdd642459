import DomainModel
import Foundation
import Logging
import Observability
import Registry
import ServiceSupport
import Storage

/// `worker rotate-key`, in the two steps between which the running workers are told of the new key.
enum KeyRotationCommand {
    /// Makes the new key current and keeps the old one readable. With `ENCRYPTION_KEY` the operator has done so already, by
    /// setting `ENCRYPTION_KEY_PREVIOUS` beside it.
    static func prepare(_ configuration: WorkerConfiguration, _ logger: Logger) async throws {
        let ring = try DataDirectory.keyRing(configuration, logger)
        let registry = try await DataDirectory.registry(configuration, logger)
        // Not one step with a key that opens nothing.
        try await DataDirectory.tryKey(ring, on: registry)
        try await registry.close()
        guard configuration.encryptionKey == nil else {
            guard configuration.previousEncryptionKey != nil else {
                throw StartFailure(
                    ExitCode.configuration,
                    "nothing to rotate from: set ENCRYPTION_KEY to the new key and ENCRYPTION_KEY_PREVIOUS to the old one"
                )
            }
            return
        }
        let isNew = try MasterKeyFile.beginRotation(in: configuration.dataDirectory)
        logger.notice(
            isNew ? "new encryption key made, back it up" : "going on with the rotation that was begun",
            metadata: [LogKey.path: "\(configuration.dataDirectory)/\(MasterKeyFile.fileName)"])
    }

    /// Re-encrypts everything, and then retires the old key file. Exit code 65 when some keys are opened by neither.
    static func run(_ configuration: WorkerConfiguration, now: Timestamp, _ logger: Logger) async throws {
        let ring = try DataDirectory.keyRing(configuration, logger)
        let registry = try await DataDirectory.registry(configuration, logger)
        try await DataDirectory.tryKey(ring, on: registry)
        let report = try await KeyRotation(registry: registry, keys: ring).run { report in
            logger.info(
                "re-encrypting", metadata: ["seen": "\(report.seen)", LogKey.count: "\(report.renewed)"])
        }
        try await registry.close()
        print("\(report.seen) stored keys: \(report.renewed) re-encrypted, \(report.unreadable.count) unreadable")
        guard report.unreadable.isEmpty else {
            throw StartFailure(
                65,
                "neither key opens the stored keys of \(report.unreadable.map(\.short).joined(separator: ", ")); "
                    + "their rows are unchanged and the old key is kept: give it with ENCRYPTION_KEY_PREVIOUS and run again, "
                    + "or let these users register once more")
        }
        if let retired = try MasterKeyFile.endRotation(
            in: configuration.dataDirectory, atMilliseconds: now.milliseconds)
        {
            print("the old key is kept in \(retired) for backups made before; remove it with the last of them")
        } else if configuration.previousEncryptionKey != nil {
            print("ENCRYPTION_KEY_PREVIOUS is needed no more: remove it at the next reload")
        }
    }
}
