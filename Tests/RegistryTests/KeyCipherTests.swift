import DomainModel
import Testing

@testable import Registry

/// The vector is `spec/storage.md` 3, made by two implementations that are not ours.
@Suite struct KeyCipherTests {
    private static let masterKey = "unit-test-encryption-key-0001"
    private static let apiKey = APIKey("00000000-1111-2222-3333-444444444444")
    private static let stored = """
        000102030405060708090a0b0c0d0e0f:ba1516891bcd80a14bfaa839b2ed9439:\
        ab948add167444d40edaecaeffb32e5552d2d0e46e604b5276bbdb2fe49c3121992a59df
        """

    // Deriving a key is slow on purpose, so tests share one.
    private static let shared = Result { try KeyCipher(key: masterKey) }
    private static let other = Result { try KeyCipher(key: "unit-test-encryption-key-0002", salt: "pepper") }

    private func code(_ body: () throws -> Void) throws -> KeyCipherError.Code {
        try #require(throws: KeyCipherError.self) { try body() }.code
    }

    @Test("the key is derived as stock derives it") func derives() throws {
        let derived = "bd48676d7366f1fa01be83c9e420b0e1ec0f613787a2b56e1643ef1ebcbbd356"
        #expect(try Self.shared.get().derivedKeyHex == derived)
        let fallback = "f7d516a344d51671bcc5528433e2b57970059f8913451c678ee0e82d2defa66d"
        #expect(try KeyCipher(key: "default-dev-key-change-in-production", salt: "salt").derivedKeyHex == fallback)
    }

    @Test("a value is encrypted to stock's text, byte for byte") func encrypts() throws {
        let cipher = try Self.shared.get()
        #expect(try cipher.encrypt(Self.apiKey, iv: Array(0..<16)) == Self.stored)
    }

    @Test("stock's text is decrypted, in either letter case") func decrypts() throws {
        let cipher = try Self.shared.get()
        #expect(try cipher.decrypt(Self.stored) == Self.apiKey)
        #expect(try cipher.decrypt(Self.stored.uppercased()) == Self.apiKey)
    }

    @Test("what is encrypted twice differs, and both come back", arguments: ["k", "0123456789abcdef", "ключ-🔑", ""])
    func roundTrip(text: String) throws {
        let cipher = try Self.other.get()
        let (first, second) = (try cipher.encrypt(APIKey(text)), try cipher.encrypt(APIKey(text)))
        #expect(first != second)
        #expect(try cipher.decrypt(first).revealed == text)
        #expect(try cipher.decrypt(second).revealed == text)
    }

    @Test("another master key or salt is told apart from a damaged text") func wrongKey() throws {
        let otherKey = try Self.other.get()
        #expect(try code { _ = try otherKey.decrypt(Self.stored) } == .wrongMasterKey)
        let otherSalt = try KeyCipher(key: Self.masterKey, salt: "pepper")
        #expect(try code { _ = try otherSalt.decrypt(Self.stored) } == .wrongMasterKey)
    }

    @Test("an altered text is refused") func altered() throws {
        let cipher = try Self.shared.get()
        #expect(try code { _ = try cipher.decrypt(String(Self.stored.dropLast()) + "0") } == .wrongMasterKey)
    }

    @Test(
        "a text of another shape is malformed",
        arguments: [
            "", ":", "::", "00:11:22", "zz:zz:zz", "000102030405060708090a0b0c0d0e0f:ba1516891bcd80a14bfaa839b2ed9439",
            "000102030405060708090a0b0c0d0e0f:ba1516891bcd80a14bfaa839b2ed9439:abc",
            "000102030405060708090a0b:ba1516891bcd80a14bfaa839b2ed9439:ab",
            "000102030405060708090a0b0c0d0e0f:ba1516891bcd80a14bfaa839b2ed9439:ab:cd",
        ])
    func malformed(text: String) throws {
        let cipher = try Self.shared.get()
        #expect(try code { _ = try cipher.decrypt(text) } == .malformed)
    }

    @Test("there is no encryption without a master key") func emptyMasterKey() throws {
        #expect(try code { _ = try KeyCipher(key: "") } == .emptyMasterKey)
    }

    @Test("errors show neither key nor ciphertext") func quiet() throws {
        let other = try Self.other.get()
        let error = try #require(throws: KeyCipherError.self) { _ = try other.decrypt(Self.stored) }
        #expect(!"\(error)".contains("ab948add"))
        #expect(!"\(error)".contains("unit-test"))
    }
}
