import DomainModel
import Logging
import Observability
import Registry
import ServiceSupport
import Storage

/// Opens what every worker command needs from the data directory, in the same way each time.
enum DataDirectory {
    /// The key, from the environment or the key file (made at the very first start), and the one before it while a rotation
    /// is under way.
    ///
    /// - Parameter forStock: also what a stock backend may have encrypted with: the same key without the salt, which its first
    ///   version did not know, and the public default that it took when it was given none.
    static func keyRing(
        _ configuration: WorkerConfiguration, _ logger: Logger, forStock: Bool = false
    ) throws -> KeyRing {
        let (key, salt) = (try masterKey(configuration, logger), configuration.encryptionSalt)
        var previous: [KeyCipher] = []
        if let text = configuration.previousEncryptionKey {
            previous.append(try KeyCipher(key: text, salt: configuration.previousEncryptionSalt))
        }
        if let file = try MasterKeyFile.loadPrevious(in: configuration.dataDirectory) {
            previous.append(try KeyCipher(key: file.revealed, salt: salt))
        }
        if forStock {
            if salt != KeyCipher.defaultSalt { previous.append(try KeyCipher(key: key)) }
            previous.append(try KeyCipher.publicDefault())
        }
        return KeyRing(current: try KeyCipher(key: key, salt: salt), previous: previous)
    }

    private static func masterKey(_ configuration: WorkerConfiguration, _ logger: Logger) throws -> String {
        if let key = configuration.encryptionKey { return key }
        let loaded = try MasterKeyFile.loadOrCreate(in: configuration.dataDirectory)
        if loaded.isNew {
            logger.notice(
                "encryption key generated, back it up: without it the stored API keys cannot be read",
                metadata: [LogKey.path: "\(loaded.path)"])
        }
        if loaded.isOpenToOthers {
            logger.warning(
                "others may read the encryption key, chmod 600 it", metadata: [LogKey.path: "\(loaded.path)"])
        }
        return loaded.key.revealed
    }

    /// The registry that the settings name. A server need not be there yet.
    static func registry(_ configuration: WorkerConfiguration, _ logger: Logger) async throws -> any UserRegistry {
        if let server = configuration.registryServer { return PostgresRegistry(server, logger: logger) }
        var options = options(configuration)
        // One file for everybody, and asked all the time.
        options.cacheKiB = max(options.cacheKiB, registryCacheKiB)
        return try await SQLiteRegistry.open(path: configuration.masterDatabasePath, options: options)
    }

    private static let registryCacheKiB = 2_000

    static func options(_ configuration: WorkerConfiguration) -> DatabaseOptions {
        DatabaseOptions(
            durability: configuration.survivesPowerCut ? .powerCut : .processCrash, cacheKiB: configuration.pageCacheKiB
        )
    }

    /// Tries the key on one stored row, so that a changed key is noticed before anything is done with it.
    static func tryKey(_ keys: KeyRing, on registry: any UserRegistry) async throws {
        guard let (user, stored) = try await registry.anyKey() else { return }
        do {
            _ = try keys.decrypt(stored)
        } catch {
            throw StartFailure(
                ExitCode.configuration,
                "ENCRYPTION_KEY does not open the stored API key of user \(user.short): \(error.message); "
                    + "set the key (and ENCRYPTION_SALT) that it was stored with, or restore encryption.key")
        }
    }

    /// Makes the directories and brings the registry to this version's schema.
    static func prepare(_ configuration: WorkerConfiguration, now: Timestamp, _ logger: Logger) async throws {
        for directory in [
            configuration.dataDirectory, configuration.userDatabaseDirectory, configuration.runtimeDirectory,
        ] { try PrivateFiles.makeDirectory(directory) }
        let keys = try keyRing(configuration, logger)
        let registry = try await registry(configuration, logger)
        let steps = try await RegistryWait.whileAway(logger) { try await registry.migrate(now: now) }
        if steps > 0 { logger.notice("registry migrated", metadata: [LogKey.count: "\(steps)"]) }
        try await tryKey(keys, on: registry)
        try await registry.close()
    }
}
