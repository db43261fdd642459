import DomainModel
import Registry
import Testing

@Suite struct KeyRingTests {
    // Deriving a key is slow on purpose, so tests share them.
    private static let old = Result { try KeyCipher(key: "the old master key") }
    private static let new = Result { try KeyCipher(key: "the new master key") }
    private static let other = Result { try KeyCipher(key: "somebody else's key") }

    private func ring() throws -> KeyRing {
        KeyRing(current: try Self.new.get(), previous: [try Self.old.get()])
    }

    @Test("both keys are read, the current one is written") func bothReadable() throws {
        let (key, ring) = (APIKey("an API key"), try ring())
        #expect(try ring.decrypt(Self.old.get().encrypt(key)) == key)
        #expect(try ring.decrypt(Self.new.get().encrypt(key)) == key)
        #expect(try Self.new.get().decrypt(ring.encrypt(key)) == key)
    }

    @Test("only what is not current is renewed, and holds the same key afterwards") func renewal() throws {
        let (key, ring) = (APIKey("an API key"), try ring())
        #expect(try ring.renewal(of: Self.new.get().encrypt(key)) == .isCurrent)
        guard case .renewed(let text) = try ring.renewal(of: Self.old.get().encrypt(key)) else {
            Issue.record("what is under the old key must be renewed")
            return
        }
        #expect(try Self.new.get().decrypt(text) == key)
    }

    @Test("what no key opens, and what is no stored key, are told apart") func unreadable() throws {
        let (ring, foreign) = (try ring(), try Self.other.get().encrypt(APIKey("x")))
        let wrong = try #require(throws: KeyCipherError.self) { _ = try ring.decrypt(foreign) }
        #expect(wrong.code == .wrongMasterKey)
        let malformed = try #require(throws: KeyCipherError.self) { _ = try ring.renewal(of: "no key") }
        #expect(malformed.code == .malformed)
    }
}
