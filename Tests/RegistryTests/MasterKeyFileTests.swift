import Foundation
import Registry
import Storage
import Testing

@Suite struct MasterKeyFileTests {
    private func path(_ folder: String) -> String { "\(folder)/encryption.key" }

    private func write(_ text: String, _ folder: String, mode: Int = 0o600) throws {
        let attributes: [FileAttributeKey: Any] = [.posixPermissions: mode]
        #expect(FileManager.default.createFile(atPath: path(folder), contents: Data(text.utf8), attributes: attributes))
    }

    @Test("the first start makes a private key of 64 hex digits, the second finds the same") func makesOnce()
        async throws
    {
        try await withTemporaryFolder { folder in
            let made = try MasterKeyFile.loadOrCreate(in: "\(folder)/data")
            #expect(made.isNew)
            #expect(made.key.revealed.utf8.count == 64)
            #expect(made.key.revealed.allSatisfy { $0.isHexDigit && !$0.isUppercase })
            #expect(!made.isOpenToOthers)
            let found = try MasterKeyFile.loadOrCreate(in: "\(folder)/data")
            #expect(!found.isNew)
            #expect(found.key == made.key)
            #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder)/data") == ["encryption.key"])
        }
    }

    @Test("processes that start together agree on one key") func togetherOne() async throws {
        try await withTemporaryFolder { folder in
            let loaded = try await withThrowingTaskGroup(of: MasterKeyFile.Loaded.self) { group in
                for _ in 0..<16 {
                    group.addTask { try await Blocking.run { try MasterKeyFile.loadOrCreate(in: folder) } }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(loaded.map(\.key.revealed)).count == 1)
            #expect(loaded.filter(\.isNew).count == 1)
        }
    }

    @Test("a key that somebody wrote is taken without its line end", arguments: ["my key", "my key\n", "my key\r\n"])
    func takesOwn(text: String) async throws {
        try await withTemporaryFolder { folder in
            try write(text, folder)
            let loaded = try MasterKeyFile.loadOrCreate(in: folder)
            #expect(loaded.key.revealed == "my key")
            #expect(!loaded.isNew)
        }
    }

    @Test("an empty, endless or binary file is an error that names it, and stays", arguments: [0, 1, 2])
    func refusesOther(shape: Int) async throws {
        try await withTemporaryFolder { folder in
            let content = [Data(), Data(repeating: 0x61, count: 5_000), Data([0xff, 0xfe, 0x00])][shape]
            try content.write(to: URL(fileURLWithPath: path(folder)))
            let error = try #require(throws: StorageError.self) { _ = try MasterKeyFile.loadOrCreate(in: folder) }
            #expect(error.code == .corrupt)
            #expect(error.message.contains("encryption.key"))
            #expect(try Data(contentsOf: URL(fileURLWithPath: path(folder))) == content)
        }
    }

    @Test("a file that others can read is reported") func openToOthers() async throws {
        try await withTemporaryFolder { folder in
            try write("my key", folder, mode: 0o644)
            #expect(try FileManager.default.attributesOfItem(atPath: path(folder))[.posixPermissions] as? Int == 0o644)
            let loaded = try MasterKeyFile.loadOrCreate(in: folder)
            #expect(loaded.isOpenToOthers)
        }
    }

    @Test("a data directory that cannot be made is an error") func noDirectory() throws {
        let error = try #require(throws: StorageError.self) {
            _ = try MasterKeyFile.loadOrCreate(in: "/proc/self/fdinfo/x")
        }
        #expect(error.code == .cannotOpen)
    }

    @Test("the key never prints") func redacted() {
        let key = MasterKey("open sesame")
        var dumped = ""
        dump(key, to: &dumped)
        #expect("\(key) \(String(reflecting: key)) \(dumped)".contains("sesame") == false)
    }
}
