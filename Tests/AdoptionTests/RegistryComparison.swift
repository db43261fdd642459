import DomainModel
import Logging
import Registry
import StockFixture

/// What the registry must know of the users of a fixture.
enum RegistryComparison {
    static func users(in registry: any UserRegistry) async throws -> [RegisteredUser] {
        try await registry.users(in: Slot(0)...Slot(255))
    }

    /// What is not as it must be, a line each.
    static func differences(_ users: [RegisteredUser], _ fixture: StockFixture) throws -> [String] {
        let cipher = try KeyCipher(key: StockFixture.masterKey, salt: StockFixture.salt)
        var lines: [String] = []
        var rest = Dictionary(uniqueKeysWithValues: users.map { ($0.id.hex, $0) })
        for user in fixture.users where user.fate == .adopted {
            guard let known = rest.removeValue(forKey: user.id) else {
                lines.append("\(user.oddity) \(user.number) is not registered")
                continue
            }
            func expect(_ holds: Bool, _ what: String) {
                if !holds { lines.append("\(user.oddity) \(user.number): \(what)") }
            }
            expect(known.isActive == user.isActive, "active is \(known.isActive)")
            expect(known.keyName == "key \(user.number)", "key name \(known.keyName ?? "")")
            // Under the current key alone: everything else was re-encrypted.
            expect((try? known.encryptedKey.map(cipher.decrypt)?.revealed) == user.apiKey, "the API key does not open")
            expect(known.createdAt.sqliteText == "2026-01-15 08:00:00", "created at \(known.createdAt)")
            let hasFile = user.file != nil && user.oddity != .empty
            expect(known.hasActiveRules == hasFile, "has active rules \(known.hasActiveRules)")
            if fixture.schema == .newest {
                expect(known.uploads.tier == .unlimited && known.uploads.retainedBytes == 5_000_000_000, "its quota")
                expect(known.lastSeen?.sqliteText == "2026-05-01 10:00:00", "last seen \(known.lastSeen as Any)")
            }
        }
        lines += rest.keys.map { "\($0.prefix(8)) is registered, and must not be" }
        return lines
    }
}

extension Logger {
    static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
}
