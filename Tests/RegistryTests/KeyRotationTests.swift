import DomainModel
import Foundation
import Storage
import Testing

@testable import Registry

@Suite struct KeyRotationTests {
    private static let old = Result { try KeyCipher(key: "the old master key") }
    private static let new = Result { try KeyCipher(key: "the new master key") }

    private func ring() throws -> KeyRing {
        KeyRing(current: try Self.new.get(), previous: [try Self.old.get()])
    }

    private func register(_ registry: any UserRegistry, _ count: Int) async throws -> [UserID] {
        try await (0..<count).asyncMap { number in
            let prefix = String(number + 0x1000, radix: 16)
            try await registry.register(.sample(prefix, key: try Self.old.get().encrypt(APIKey("key \(number)"))))
            return UserID.sample(prefix)
        }
    }

    @Test("every stored key is the same afterwards, under the new master key", arguments: RegistryBackend.allCases)
    func rotates(backend: RegistryBackend) async throws {
        try await backend.withRegistry { registry in
            let users = try await register(registry, KeyRotation.pageSize + 20)
            var pages: [Int] = []
            let report = try await KeyRotation(registry: registry, keys: ring()).run { pages.append($0.seen) }
            #expect(report == KeyRotation.Report(seen: users.count, renewed: users.count))
            #expect(pages == [KeyRotation.pageSize, users.count])
            for (number, user) in users.enumerated() {
                let stored = try #require(try await registry.encryptedKey(of: user))
                #expect(try Self.new.get().decrypt(stored).revealed == "key \(number)")
            }
            let again = try await KeyRotation(registry: registry, keys: ring()).run { _ in }
            #expect(again.renewed == 0)
        }
    }

    @Test("a key that is registered while its page is under way stays", arguments: RegistryBackend.allCases)
    func registeredMeanwhile(backend: RegistryBackend) async throws {
        try await backend.withRegistry { registry in
            let user = try await register(registry, 1)[0]
            let stored = try await registry.storedKeys(after: nil, limit: 10)
            let fresh = try Self.old.get().encrypt(APIKey("fresh"))
            var newUser = NewUser.sample("1000", key: fresh)
            newUser.id = user
            try await registry.register(newUser)
            try await registry.replaceKeys([KeyReplacement(user: user, old: stored[0].encryptedKey, new: "late")])
            #expect(try await registry.encryptedKey(of: user) == fresh)
        }
    }

    @Test("a key that no master key opens is reported and left as it is", arguments: RegistryBackend.allCases)
    func unreadable(backend: RegistryBackend) async throws {
        try await backend.withRegistry { registry in
            _ = try await register(registry, 2)
            try await registry.register(.sample("2000", key: "no such thing"))
            let report = try await KeyRotation(registry: registry, keys: ring()).run { _ in }
            #expect(report.renewed == 2)
            #expect(report.unreadable == [.sample("2000")])
            #expect(try await registry.encryptedKey(of: .sample("2000")) == "no such thing")
        }
    }

    // MARK: The key file

    @Test("a rotation of the key file keeps both keys until it is ended") func keyFile() async throws {
        try await withTemporaryFolder { folder in
            let old = try MasterKeyFile.loadOrCreate(in: folder).key
            #expect(try MasterKeyFile.loadPrevious(in: folder) == nil)
            #expect(try MasterKeyFile.beginRotation(in: folder))
            let new = try MasterKeyFile.loadOrCreate(in: folder).key
            #expect(new != old)
            #expect(try MasterKeyFile.loadPrevious(in: folder) == old)
            #expect(try !MasterKeyFile.beginRotation(in: folder), "it is under way already")
            #expect(try MasterKeyFile.loadOrCreate(in: folder).key == new)
            let retired = try #require(try MasterKeyFile.endRotation(in: folder, atMilliseconds: 7))
            #expect(retired == "\(folder)/encryption.key.retired-7")
            #expect(try String(contentsOfFile: retired, encoding: .utf8) == old.revealed + "\n")
            #expect(try MasterKeyFile.loadPrevious(in: folder) == nil)
            #expect(try MasterKeyFile.endRotation(in: folder, atMilliseconds: 8) == nil)
        }
    }

    @Test("interrupted after either file was written, a rotation goes on to the same end", arguments: [1, 2])
    func interrupted(written: Int) async throws {
        try await withTemporaryFolder { folder in
            let old = try MasterKeyFile.loadOrCreate(in: folder).key
            try PrivateFiles.write(Array("the next key\n".utf8), toNew: "\(folder)/encryption.key.next")
            if written == 2 {
                try PrivateFiles.write(Array("\(old.revealed)\n".utf8), toNew: "\(folder)/encryption.key.previous")
            }
            #expect(try MasterKeyFile.beginRotation(in: folder))
            #expect(try MasterKeyFile.loadOrCreate(in: folder).key.revealed == "the next key")
            #expect(try MasterKeyFile.loadPrevious(in: folder) == old)
        }
    }
}

extension Sequence {
    /// One after the other.
    fileprivate func asyncMap<Value>(_ body: (Element) async throws -> Value) async rethrows -> [Value] {
        var values: [Value] = []
        for element in self { values.append(try await body(element)) }
        return values
    }
}
